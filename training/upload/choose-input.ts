import { InputError } from '../data/input.errors.js';
import type { JobFile } from './job-folder.js';
import type { JobInput } from './pull-input.js';

/**
 * The input of a run that `NAME@VERSION` names. `@latest` is what it was when the run was made: a run reads one version.
 * @throws InputError where the run reads no such thing
 */
export function chooseInput({ run }: JobFile, reference: string): JobInput {
  const [, name, version] = /^(.+)@(\d+|latest)$/.exec(reference) ?? [undefined, reference, 'latest'];
  const found = run.inputs.find(
    (input) => input.name === name && (version === 'latest' || input.version === Number(version)),
  );
  if (found) return found;
  const own = run.inputs.map(nameOf).join(', ');
  throw new InputError('pull_unknown', `This run does not read ${reference}; it reads ${own}.`);
}

/** As `pull` takes it and prints it: a snapshot with the number of its version. */
export function nameOf({ name, version }: Pick<JobInput, 'name' | 'version'>): string {
  return version === null ? name : `${name}@${version}`;
}
