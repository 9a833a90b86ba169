import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@qingnang/kernel';
import { definitions, type Settings } from './definitions.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** All faults of the settings at once, one a line in `faults`. */
export class SettingsError extends DomainError {
  constructor(readonly faults: readonly string[]) {
    super({
      code: 'settings.invalid',
      status: 500,
      detail: `${faults.length === 1 ? 'One setting is' : `${faults.length} settings are`} wrong: ${faults.join('; ')}.`,
    });
  }
}

/** Names of one family that are no settings are most often slips of the pen, and would be silently without effect. */
const OWN_PREFIX = 'QINGNANG_';

/** Checks every setting; throws one {@link SettingsError} that names all faults. An empty value counts as unset. */
export function parseSettings(env: Environment, root: string = repositoryRoot()): Settings {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const result = definition.schema.safeParse(env[definition.env]?.trim() || definition.fallback);
    if (result.success) values[name] = result.data;
    else faults.push(`${definition.env} ${result.error.issues.map((issue) => lowerFirst(issue.message)).join(', ')}`);
  }
  const known = new Set<string>(Object.values(definitions).map((definition) => definition.env));
  for (const name of Object.keys(env)) {
    if (name.startsWith(OWN_PREFIX) && !known.has(name)) faults.push(`${name} is no setting (see .env.example)`);
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return Object.freeze({ ...values, dataDir: resolve(root, String(values.dataDir)) }) as Settings;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

let loaded: Settings | undefined;

/** The settings of this process, from its environment and, behind that, `.env` in the repository. Read once. */
export function loadSettings(): Settings {
  if (!loaded) {
    const file = join(repositoryRoot(), '.env');
    if (existsSync(file)) process.loadEnvFile(file);
    loaded = parseSettings(process.env);
  }
  return loaded;
}

/** The environment for a child process: ours, with these settings replaced. */
export function childEnvironment(changes: Partial<Settings>): Record<string, string | undefined> {
  const env: Record<string, string | undefined> = { ...process.env };
  for (const [name, value] of Object.entries(changes)) {
    env[definitions[name as keyof Settings].env] = value === undefined ? undefined : String(value);
  }
  return env;
}

/** The folder with the root package.json, from source as from `dist`. */
export function repositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isRoot(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('This program runs only inside its repository.');
    folder = parent;
  }
  return folder;
}

function isRoot(folder: string): boolean {
  const file = join(folder, 'package.json');
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'qingnang';
}
