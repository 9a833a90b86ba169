import type { CreateSchedule, ScheduleView } from '@qingnang/contracts';
import { bodyOf, emptyForm, type RunForm } from '../runs/run-model';
import { hiddenOf, settingsFrom } from '../runs/run-settings';

/** What a run's form asks, and when. Inputs are names, so that `@latest` means something newer each time. */
export interface ScheduleForm extends RunForm {
  cron: string;
  timeZone: string;
}

/** Times most people mean; anything else is written as a pattern. */
export const usualTimes = {
  daily: '30 2 * * *',
  weekdays: '30 2 * * 1-5',
  weekly: '30 2 * * 1',
  monthly: '30 2 1 * *',
} as const;
export type HowOften = keyof typeof usualTimes | 'own';

export function howOften(cron: string): HowOften {
  const found = Object.entries(usualTimes).find(([, pattern]) => pattern === cron.trim());
  return (found?.[0] as HowOften | undefined) ?? 'own';
}

export function newForm(timeZone: string): ScheduleForm {
  return { ...emptyForm('sft', ''), cron: usualTimes.daily, timeZone };
}

/** The form of a schedule that is there; what it says over the preset and the form does not show is kept apart. */
export function formOf({ name, cron, timeZone, template }: ScheduleView): ScheduleForm {
  const { method, preset, inputs } = template;
  return {
    method,
    preset,
    name,
    data: inputs.data,
    policy: inputs.policy ?? '',
    reward: inputs.reward ?? '',
    ...settingsFrom(template),
    cron,
    timeZone,
  };
}

type Template = ScheduleView['template'];

/**
 * What the form asks for; null while something is missing.
 * @param before the template the form was filled from: its settings that the form does not show stay
 */
export function scheduleBody(form: ScheduleForm, before?: Template): CreateSchedule | null {
  const same = before?.method === form.method ? before : undefined;
  const run = bodyOf(form, same && hiddenOf(same.config));
  const name = form.name.trim();
  if (run === null || name === '' || form.cron.trim() === '' || form.timeZone.trim() === '') return null;
  const { method, preset, seed, config, inputs } = run;
  const ptx = same?.inputs.ptx;
  return {
    name,
    cron: form.cron.trim(),
    timeZone: form.timeZone.trim(),
    template: {
      method,
      preset,
      ...(seed === undefined ? {} : { seed }),
      config,
      inputs: { ...inputs, ...(ptx === undefined ? {} : { ptx }) },
    },
  };
}
