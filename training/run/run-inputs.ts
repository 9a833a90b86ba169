import type { RunFolderConfig, RunMethod, RunResult } from '@qingnang/contracts';
import { openModel, type ModelFolder } from '../checkpoint/model-folder.js';
import { hashWeights } from '../checkpoint/weight-files.js';
import { InputError } from '../data/input.errors.js';
import { openTrainingSnapshot } from '../data/load-inputs.js';
import type { SnapshotFolder } from '../data/snapshot-folder.js';

export interface InputPaths {
  snapshot: string;
  /** Checkpoint to start from: required by reward and PPO, for SFT the base model. */
  policy: string | null;
  /** Required by PPO. */
  rewardModel: string | null;
  /** SFT snapshot mixed into PPO. */
  ptx: string | null;
}

/** Everything a run reads, opened and named by hash. */
export interface RunInputs {
  snapshot: SnapshotFolder;
  policy: ModelFolder | null;
  rewardModel: ModelFolder | null;
  ptx: SnapshotFolder | null;
  listed: RunFolderConfig['inputs'];
}

/** @throws InputError for a missing, damaged or unsuitable input */
export async function openInputs(method: RunMethod, paths: InputPaths): Promise<RunInputs> {
  if (method !== 'sft' && !paths.policy)
    throw new InputError('policy_missing', `${method} starts from an SFT checkpoint; name it with --policy.`);
  if (method === 'ppo' && !paths.rewardModel)
    throw new InputError('reward_model_missing', 'ppo needs a reward model; name it with --reward-model.');
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
  const ptx = method === 'ppo' && paths.ptx !== null ? await openTrainingSnapshot(paths.ptx, 'sft') : null;
  if (ptx) listed.push({ role: 'ptx', path: ptx.path, digest: ptx.digest });
  return { snapshot, policy, rewardModel, ptx, listed };
}

/** A run goes on with the very inputs it began with. @throws InputError naming the one that changed */
export function refuseChangedInputs(before: RunFolderConfig['inputs'], now: RunFolderConfig['inputs']): void {
  for (const { role, digest } of now) {
    if (before.find((each) => each.role === role)?.digest === digest) continue;
    throw new InputError(
      'input_changed',
      `The ${role} input is not the one this run began with; name the same one, or start a new run.`,
      { role },
    );
  }
}

/** How inputs beside the data appear in `result.json`. */
export function otherInputs(listed: RunFolderConfig['inputs']): RunResult['inputs'] {
  return listed
    .filter(({ role }) => role !== 'data')
    .map(({ role, digest }) => ({ role, digest, rows: {}, left_out: {} }));
}
