import { type CreateRun, createRun, resolveRunConfig, type RunMethod } from '@qingnang/contracts';

/** A number of a run's configuration that the form asks for. */
interface Setting {
  /** Where it stands in the configuration; its words are `resources.runs.settings.<path>`. */
  path: string;
  /** Methods that have it; all where this is left out. */
  methods?: RunMethod[];
  part: 'main' | 'more' | 'lora';
}

const settings = [
  { path: 'steps', part: 'main' },
  { path: 'epochs', part: 'main' },
  { path: 'optimiser.learning_rate', part: 'main' },
  { path: 'batch_size', part: 'main' },
  { path: 'sequence_length', part: 'main' },
  { path: 'sft.accumulation', part: 'more', methods: ['sft'] },
  { path: 'reward.accumulation', part: 'more', methods: ['reward'] },
  { path: 'ppo.kl_coefficient', part: 'more', methods: ['ppo'] },
  { path: 'dpo.beta', part: 'more', methods: ['dpo'] },
  { path: 'dpo.accumulation', part: 'more', methods: ['dpo'] },
  { path: 'checkpoint_every', part: 'more' },
  { path: 'seed', part: 'more' },
  { path: 'lora.rank', part: 'lora' },
  { path: 'lora.alpha', part: 'lora' },
  { path: 'lora.dropout', part: 'lora' },
] as const satisfies Setting[];
export type SettingPath = (typeof settings)[number]['path'];

export const truncations = ['drop', 'sentence'] as const;
export type Truncate = (typeof truncations)[number];

/** Whether a method reads whole conversations, which may be too long. */
export const mayCut = ({ method }: Pick<RunSettings, 'method'>): boolean => method !== 'ppo';

/** What a form says about how to train, as typed. */
export interface RunSettings {
  method: RunMethod;
  /** Model to start from; empty = from nothing. */
  policy: string;
  /** What is empty or not there leaves the preset. */
  numbers: Partial<Record<SettingPath, string>>;
  /** What happens to a row that is longer than `sequence_length`; empty leaves the preset. */
  truncate: Truncate | '';
  /** Learns an adapter instead of all weights. */
  lora: boolean;
  /** Layers the adapter is for; none = projections of the attention. */
  targetModules: string[];
  /** Parts that stay as they are. */
  freeze: string[];
}

export const noSettings = {
  numbers: {},
  truncate: '',
  lora: false,
  targetModules: [],
  freeze: [],
} satisfies Partial<RunSettings>;

/** The numbers that a method has, in the order of the form. */
export function numbersOf(method: RunMethod, part: Setting['part']): SettingPath[] {
  return (settings as readonly (Setting & { path: SettingPath })[])
    .filter((each) => each.part === part && (each.methods?.includes(method) ?? true))
    .map(({ path }) => path);
}

/** Whether a form says anything of what is folded away. */
export function settingsTouched({ method, numbers, lora, freeze }: RunSettings): boolean {
  return lora || freeze.length > 0 || numbersOf(method, 'more').some((path) => (numbers[path] ?? '') !== '');
}

/** What an adapter has where neither form nor preset says. */
export const loraDefaults = resolveRunConfig({ method: 'sft', lora: {} });

/** An adapter needs a model that is there. */
export const adapts = ({ lora, policy }: Pick<RunSettings, 'lora' | 'policy'>): boolean => lora && policy !== '';

type Section = Record<string, unknown>;
type Overrides = Pick<CreateRun, 'seed' | 'config'>;

/**
 * What the form says over the preset. What is no number becomes NaN, so that {@link faultsOf} can name it.
 * @param base settings that have no field of their own, see {@link hiddenOf}
 */
export function overridesOf(form: RunSettings, base: CreateRun['config'] = {}): Overrides {
  const whole = structuredClone(base) as Section;
  const parts = adapts(form) ? (['main', 'more', 'lora'] as const) : (['main', 'more'] as const);
  if (adapts(form)) whole.lora = form.targetModules.length === 0 ? {} : { target_modules: form.targetModules };
  else if (form.freeze.length > 0) whole.freeze = form.freeze;
  for (const path of parts.flatMap((part) => numbersOf(form.method, part))) {
    const text = form.numbers[path]?.trim() ?? '';
    if (text !== '') put(whole, path, Number(text));
  }
  if (form.truncate !== '' && mayCut(form)) put(whole, 'data.truncate', form.truncate);
  const { seed, ...config } = whole;
  return { ...(seed === undefined ? {} : { seed: seed as number }), config: config as CreateRun['config'] };
}

/** A form's settings from what a schedule says over its preset. */
export function settingsFrom({ seed, config }: Overrides): Omit<RunSettings, 'method' | 'policy'> {
  const whole = { ...config, seed };
  const numbers = settings.flatMap(({ path }) => {
    const value = valueAt(whole, path);
    return typeof value === 'number' ? [[path, String(value)]] : [];
  });
  return {
    numbers: Object.fromEntries(numbers) as RunSettings['numbers'],
    truncate: config.data?.truncate ?? '',
    lora: config.lora != null,
    targetModules: config.lora?.target_modules ?? [],
    freeze: config.freeze ?? [],
  };
}

/** Settings that have no field of their own. */
export function hiddenOf(config: CreateRun['config']): CreateRun['config'] {
  const rest = structuredClone(config) as Section;
  delete rest.lora;
  delete rest.freeze;
  for (const path of [...settings.map((each) => each.path), 'data.truncate']) {
    const [section, key] = split(path);
    if (section === null) delete rest[key];
    else if (isSection(rest[section])) {
      delete rest[section][key];
      if (Object.keys(rest[section]).length === 0) delete rest[section];
    }
  }
  return rest;
}

/** What stands at a path of a configuration. */
export function valueAt(config: object, path: SettingPath | 'lora.target_modules'): unknown {
  const [section, key] = split(path);
  const inside = section === null ? config : (config as Section)[section];
  return isSection(inside) ? inside[key] : undefined;
}

/** A fault of a setting: a word of `resources.runs.faults` and the bound it names. */
export interface Fault {
  word: 'number' | 'whole' | 'at_least' | 'more_than' | 'at_most' | 'less_than' | 'spelling';
  bound?: number;
}

/** What the API would refuse about single settings, by path. */
export function faultsOf(form: RunSettings): Record<string, Fault> {
  const { error } = createRun.pick({ seed: true, config: true }).safeParse(overridesOf(form));
  const faults = (error?.issues ?? []).map((issue): [string, Fault] => [
    settingPath(issue.path.join('.')),
    fault(issue),
  ]);
  return Object.fromEntries(faults);
}

/** What the API calls a place of the body, `/template/config/steps` or `config.steps`, as the form's fields know it. */
export function settingPath(field: string): string {
  return field
    .replace(/^\//, '')
    .replaceAll('/', '.')
    .replace(/^(template\.)?(config\.)?/, '');
}

type Issue = NonNullable<ReturnType<typeof createRun.safeParse>['error']>['issues'][number];

function fault(issue: Issue): Fault {
  if (issue.code === 'too_small') {
    return { word: issue.inclusive ? 'at_least' : 'more_than', bound: Number(issue.minimum) };
  }
  if (issue.code === 'too_big')
    return { word: issue.inclusive ? 'at_most' : 'less_than', bound: Number(issue.maximum) };
  if (issue.code === 'invalid_type') return { word: issue.expected === 'int' ? 'whole' : 'number' };
  return { word: 'spelling' };
}

function split(path: string): [section: string | null, key: string] {
  const [first, second] = path.split('.') as [string, string?];
  return second === undefined ? [null, first] : [first, second];
}

function put(config: Section, path: string, value: number | string): void {
  const [section, key] = split(path);
  if (section === null) config[key] = value;
  else config[section] = { ...(isSection(config[section]) ? config[section] : {}), [key]: value };
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null;
}
