import type { CreateSchedule, ScheduleView } from '@qingnang/contracts';
import { bodyOf, emptyForm, type RunForm } from '../runs/run-model';

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
  const { method, preset, seed, config, inputs } = template;
  const text = (value: number | undefined): string => (value === undefined ? '' : String(value));
  return {
    method,
    preset,
    name,
    data: inputs.data,
    policy: inputs.policy ?? '',
    reward: inputs.reward ?? '',
    seed: text(seed),
    steps: text(config.steps),
    learningRate: text(config.optimiser?.learning_rate),
    batchSize: text(config.batch_size),
    checkpointEvery: text(config.checkpoint_every),
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
  const run = bodyOf(form);
  const name = form.name.trim();
  if (run === null || name === '' || form.cron.trim() === '' || form.timeZone.trim() === '') return null;
  const { method, preset, seed, config, inputs } = run;
  const ptx = before?.method === method ? before.inputs.ptx : undefined;
  return {
    name,
    cron: form.cron.trim(),
    timeZone: form.timeZone.trim(),
    template: {
      method,
      preset,
      ...(seed === undefined ? {} : { seed }),
      config: before?.method === method ? { ...hidden(before.config), ...config } : config,
      inputs: { ...inputs, ...(ptx === undefined ? {} : { ptx }) },
    },
  };
}

/** Settings that have no field of their own. */
function hidden(config: Template['config']): Template['config'] {
  const rest = { ...config };
  for (const shown of ['steps', 'batch_size', 'checkpoint_every', 'optimiser'] as const) delete rest[shown];
  const others = Object.entries(config.optimiser ?? {}).filter(([key]) => key !== 'learning_rate');
  return others.length === 0 ? rest : { ...rest, optimiser: Object.fromEntries(others) };
}
