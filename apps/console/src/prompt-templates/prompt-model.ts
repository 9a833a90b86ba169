import type { CreatePromptVersion, PromptSettings } from '@qingnang/contracts';

export interface PromptForm {
  systemText?: string | null;
  userText: string;
  settings: { answer: PromptSettings['answer']; temperature?: number | null; maxOutputTokens?: number | null };
}

/** Inputs left empty arrive as null from the form; the API wants them left out. */
export function versionOf(form: PromptForm): CreatePromptVersion {
  const { answer, temperature, maxOutputTokens } = form.settings;
  return {
    systemText: form.systemText ?? '',
    userText: form.userText,
    settings: {
      answer,
      ...(typeof temperature === 'number' ? { temperature } : {}),
      ...(typeof maxOutputTokens === 'number' ? { maxOutputTokens } : {}),
    },
  };
}
