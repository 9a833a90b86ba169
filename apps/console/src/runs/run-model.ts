import {
  type CreateRun,
  presetMethods,
  type RunMethod,
  type RunMetrics,
  runPreset,
  type RunPreset,
  type RunState,
  type SnapshotKind,
} from '@qingnang/contracts';
import { noSettings, overridesOf, type RunSettings } from './run-settings';

export const methods: RunMethod[] = ['sft', 'reward', 'ppo', 'dpo'];
export const runStates: RunState[] = ['queued', 'starting', 'running', 'paused', 'succeeded', 'failed', 'cancelled'];

/** The kind of snapshot a method reads. */
export const kindFor: Record<RunMethod, SnapshotKind> = {
  sft: 'sft',
  reward: 'preference',
  ppo: 'prompts',
  dpo: 'preference',
};

/** Stages of models a run may start from. */
export const policyStages: RunMethod[] = ['sft', 'ppo', 'dpo'];

/** The presets that have settings for a method; the demo's comes first. */
export const presetsFor = (method: RunMethod): RunPreset[] =>
  runPreset.options.filter((preset) => presetMethods(preset).includes(method));

export interface RunForm extends RunSettings {
  preset: RunPreset;
  name: string;
  data: string;
  reward: string;
}

export function emptyForm(method: RunMethod, data: string): RunForm {
  return { method, preset: presetsFor(method)[0]!, name: '', data, policy: '', reward: '', ...noSettings };
}

/** A name nobody has to think of; the server adds a number where a model has it already. */
export function nameOf(form: RunForm, now = new Date()): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const when = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}${two(now.getMinutes())}`;
  return form.name.trim() || `${form.method} ${when}`;
}

/**
 * What the form asks for; null while an input that the method needs is missing.
 * @param base settings that the form does not show
 */
export function bodyOf(form: RunForm, base?: CreateRun['config']): CreateRun | null {
  const { method, preset, data, policy, reward } = form;
  if (data === '' || (method !== 'sft' && policy === '') || (method === 'ppo' && reward === '')) return null;
  return {
    name: nameOf(form),
    method,
    preset,
    ...overridesOf(form, base),
    inputs: {
      data,
      ...(policy === '' ? {} : { policy }),
      ...(method === 'ppo' ? { reward } : {}),
    },
  };
}

export interface PlotGroup {
  /** Word of `resources.runs`. */
  title: string;
  keys: string[];
}

const groups: Record<RunMethod, PlotGroup[]> = {
  sft: [
    { title: 'loss', keys: ['train/loss', 'eval/loss', 'eval/bigram_loss'] },
    { title: 'norm', keys: ['train/gradient_norm'] },
    { title: 'rate', keys: ['train/learning_rate'] },
    { title: 'speed', keys: ['tokens_per_second'] },
  ],
  reward: [
    { title: 'loss', keys: ['train/loss'] },
    { title: 'accuracy', keys: ['reward/accuracy', 'reward/accuracy_like_length'] },
    { title: 'norm', keys: ['train/gradient_norm'] },
    { title: 'speed', keys: ['tokens_per_second'] },
  ],
  ppo: [
    { title: 'score', keys: ['ppo/score', 'ppo/settled_score'] },
    { title: 'kl', keys: ['ppo/kl'] },
    { title: 'entropy', keys: ['ppo/entropy'] },
    { title: 'speed', keys: ['tokens_per_second', 'rollout/tokens_per_second'] },
  ],
  dpo: [
    { title: 'loss', keys: ['train/loss', 'eval/loss'] },
    { title: 'accuracy', keys: ['dpo/accuracy', 'dpo/held_out_accuracy'] },
    { title: 'norm', keys: ['train/gradient_norm'] },
    { title: 'speed', keys: ['tokens_per_second'] },
  ],
};

/** The plots of a method, each with the curves there are. A figure measured once is drawn as a level. */
export function plotsOf(
  method: RunMethod,
  series: RunMetrics['series'],
): { title: string; series: RunMetrics['series'] }[] {
  const last = Math.max(0, ...series.flatMap(({ points }) => points.at(-1)?.[0] ?? []));
  const level = ({ key, points }: RunMetrics['series'][number]) => {
    const [only] = points;
    return points.length === 1 && only && only[0] < last
      ? { key, points: [only, [last, only[1]] as [number, number]] }
      : { key, points };
  };
  return groups[method].map(({ title, keys }) => ({
    title,
    series: keys.flatMap((key) => series.filter((each) => each.key === key).map(level)),
  }));
}

/** A short hash that tells weights apart on a screen. */
export const shortHash = (hash: string): string => hash.slice(0, 12);
