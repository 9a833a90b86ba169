type Translate = (key: string, options?: Record<string, unknown>) => string;

export function subjectWords(subject: string, translate: Translate): string {
  return translate(`resources.audit-entries.subjects.${subject}`, { _: subject });
}

/** `api_key.revoke` in words; parts that nobody has put into words yet stay as they are. */
export function deedWords(action: string, translate: Translate): string {
  const dot = action.indexOf('.');
  if (dot < 0) return action;
  const verb = action.slice(dot + 1);
  return `${subjectWords(action.slice(0, dot), translate)} · ${translate(`resources.audit-entries.verbs.${verb}`, { _: verb })}`;
}
