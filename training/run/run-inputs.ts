import type { RunFolderConfig, RunMethod, RunResult } from '@qingnang/contracts';
import { openModel, type ModelFolder } from '../checkpoint/model-folder.js';
import { hashWeights } from '../checkpoint/weight-files.js';
import { InputError } from '../data/input.errors.js';
import { openTrainingSnapshot, type MixSource } from '../data/load-inputs.js';
import type { SnapshotFolder } from '../data/snapshot-folder.js';

export interface InputPaths {
  snapshot: string;
  /** Checkpoint to start from: required by reward and PPO, for SFT the base model. */
  policy: string | null;
  /** Required by PPO, but where a judge scores alone. */
  rewardModel: string | null;
  /** Address that PPO's responses are scored at, and its token. */
  judge?: JudgeAddress | null;
  /** SFT snapshot mixed into PPO. */
  ptx: string | null;
  /** Further snapshots for SFT, reward and DPO, and the rows drawn of each for one of `snapshot`. */
  mix?: readonly { path: string; weight: number }[];
}

/** Where a judge over HTTP is, and what it knows us by. */
export interface JudgeAddress {
  url: string;
  token: string | null;
}

/** Everything a run reads, opened and named by hash. */
export interface RunInputs {
  snapshot: SnapshotFolder;
  policy: ModelFolder | null;
  rewardModel: ModelFolder | null;
  judge: JudgeAddress | null;
  ptx: SnapshotFolder | null;
  mix: MixSource[];
  listed: RunFolderConfig['inputs'];
  /** Folder for rows that memory does not hold; by default the system's. */
  scratch?: string;
}

/** @throws InputError for a missing, damaged or unsuitable input */
export async function openInputs(method: RunMethod, paths: InputPaths): Promise<RunInputs> {
  if (method !== 'sft' && !paths.policy)
    throw new InputError('policy_missing', `${method} starts from an SFT checkpoint; name it with --policy.`);
  if (method === 'ppo' && !paths.rewardModel && !paths.judge)
    throw new InputError(
      'reward_model_missing',
      'ppo needs a reward model; name it with --reward-model, or a --judge.',
    );
  if (paths.mix?.length && method === 'ppo')
    throw new InputError('mix', 'ppo reads one snapshot; --mix is for sft, reward and dpo.');
  const snapshot = await openTrainingSnapshot(paths.snapshot, method);
  const listed: RunFolderConfig['inputs'] = [{ role: 'data', path: paths.snapshot, digest: snapshot.digest }];
  const open = async (role: string, path: string | null, kind: ModelFolder['kind']): Promise<ModelFolder | null> => {
    if (path === null) return null;
    const model = await openModel(path);
    if (model.kind !== kind)
      throw new InputError(
        'model_kind',
        `${path} holds a ${model.kind} model; --${role === 'reward' ? 'reward-model' : role} needs a ${kind} one.`,
      );
    listed.push({ role, path, digest: await hashWeights(path) });
    return model;
  };
  const policy = await open('policy', paths.policy, 'causal-lm');
  const rewardModel = method === 'ppo' ? await open('reward', paths.rewardModel, 'reward') : null;
  const ptx = method === 'ppo' && paths.ptx !== null ? await openTrainingSnapshot(paths.ptx, 'sft', '--ptx') : null;
  if (ptx) listed.push({ role: 'ptx', path: ptx.path, digest: ptx.digest });
  const mix: MixSource[] = [];
  for (const { path, weight } of paths.mix ?? []) {
    const part = await openTrainingSnapshot(path, method);
    mix.push({ snapshot: part, weight });
    listed.push({ role: `mix-${mix.length}`, path, digest: part.digest, weight });
  }
  return { snapshot, policy, rewardModel, judge: paths.judge ?? null, ptx, mix, listed };
}

/** A run goes on with the very inputs it began with. @throws InputError naming the one that changed */
export function refuseChangedInputs(before: RunFolderConfig['inputs'], now: RunFolderConfig['inputs']): void {
  for (const role of new Set([...before, ...now].map((each) => each.role))) {
    const [then, today] = [before, now].map((inputs) => inputs.find((each) => each.role === role));
    if (then?.digest === today?.digest && then?.weight === today?.weight) continue;
    throw new InputError(
      'input_changed',
      `The ${role} input is not the one this run began with; name the same one, or start a new run.`,
      { role },
    );
  }
}

/** How inputs beside the snapshots that were read appear in `result.json`. */
export function otherInputs(listed: RunFolderConfig['inputs'], read: RunResult['inputs']): RunResult['inputs'] {
  return listed
    .filter(({ role }) => !read.some((input) => input.role === role))
    .map(({ role, digest }) => ({ role, digest, rows: {}, left_out: {} }));
}
