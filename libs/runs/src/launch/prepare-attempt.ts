import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { RunInputRole } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import type { ClaimedRun } from './claim-run.js';
import { hashFile, hashWeights } from './file-hashes.js';

/** Where runs find their files and report to. */
export interface LaunchPlace {
  dataDir: string;
  /** Address of the API; null where it is not known, then metrics come from the folder when the attempt ends. */
  platform: string | null;
}

interface InputRow {
  role: RunInputRole;
  digest: string;
  folder: string | null;
  isModel: boolean;
  state: string;
}

const flagOf: Partial<Record<RunInputRole, string>> = {
  data: '--snapshot',
  policy: '--policy',
  reward: '--reward-model',
  ptx: '--ptx',
};

/**
 * Writes what the trainer reads beside its inputs and says how to call it.
 * @throws DomainError when an input is withdrawn, missing or not what the run was made with
 */
export async function prepareAttempt(
  dataSource: DataSource,
  run: ClaimedRun,
  { dataDir, platform }: LaunchPlace,
): Promise<string[]> {
  const folder = join(dataDir, run.folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const inputs = await inputArguments(dataSource, run.id, dataDir);
  const configFile = join(folder, 'request.json');
  await writeFile(configFile, JSON.stringify(run.config, null, 2) + '\n');
  const args = [run.config.method, ...inputs, '--run', folder, '--config', configFile];
  args.push('--attempt', String(run.attempt), '--exit-with-parent', '--json');
  if (run.attempt > 1) args.push('--resume');
  if (platform !== null) {
    await writeFile(tokenFile(folder), run.token + '\n', { mode: 0o600 });
    args.push('--platform', platform, '--project', run.projectId, '--run-id', run.id);
    args.push('--token-file', tokenFile(folder));
  }
  return args;
}

export function tokenFile(folder: string): string {
  return join(folder, 'token');
}

async function inputArguments(dataSource: DataSource, runId: string, dataDir: string): Promise<string[]> {
  const rows = await dataSource.query<InputRow[]>(
    `select i.role, i.digest, coalesce(s.folder, m.folder) as folder, coalesce(s.state, m.state) as state,
       s.id is null as "isModel"
     from run_input i left join snapshot s on s.id = i.snapshot_id left join model m on m.id = i.model_id
     where i.run_id = $1 order by i.role`,
    [runId],
  );
  const args: string[] = [];
  for (const { role, digest, folder, isModel, state } of rows) {
    const flag = flagOf[role];
    if (flag === undefined) continue;
    if (state === 'withdrawn' || folder === null) {
      throw new DomainError({
        code: 'run.input_withdrawn',
        status: 409,
        detail: `The ${role} input has been withdrawn since the run was made: start a run with its successor.`,
      });
    }
    const path = join(dataDir, folder);
    const found = await (isModel ? hashWeights(path) : hashFile(join(path, 'manifest.json'))).catch(() => null);
    if (found !== digest) throw changedInput(role, found === null);
    args.push(flag, path);
  }
  return args;
}

function changedInput(role: string, missing: boolean): DomainError {
  return new DomainError({
    code: missing ? 'run.input_missing' : 'run.input_changed',
    status: 409,
    detail: missing
      ? `The files of the ${role} input are not in the data folder: restore them, then resume the run.`
      : `The files of the ${role} input are not those this run was made with: restore them, or start a new run.`,
  });
}
