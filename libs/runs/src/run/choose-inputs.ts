import type { CreateRun, RunInputRole, RunMethod, SnapshotKind } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { DomainError } from '@qingnang/kernel';

/** One row of `run_input`: the digest is written down now and checked again when the run starts. */
export interface ChosenInput {
  role: RunInputRole;
  snapshotId: string | null;
  modelId: string | null;
  digest: string;
}

const dataKind: Record<RunMethod, SnapshotKind> = {
  sft: 'sft',
  reward: 'preference',
  ppo: 'prompts',
  dpo: 'preference',
};

function unsuitable(role: string, detail: string, code = 'run.unsuitable_input'): DomainError {
  return new DomainError({ code, status: 422, field: `inputs.${role}`, detail });
}

/**
 * The inputs by role, checked: snapshots frozen and of the kind the method reads, models of the stage it needs. In a
 * transaction they are held until it ends: whoever withdraws one at this moment waits, or is waited for and seen.
 * @param baseKnown false for a model trained elsewhere, whose base and reward model need not be of this platform
 * @throws DomainError 422 naming the role at fault, `run.input_withdrawn` (409)
 */
export async function chooseInputs(
  tx: Queryable,
  projectId: string,
  asked: CreateRun,
  { baseKnown = true }: { baseKnown?: boolean } = {},
): Promise<ChosenInput[]> {
  const { method, inputs } = asked;
  // By id, as a withdrawal holds its line: taken in the order of the roles, the two could wait for each other.
  await tx.query('select from model where project_id = $1 and id = any($2) order by id for share', [
    projectId,
    [inputs.policy, inputs.reward].filter((id) => id !== undefined),
  ]);
  const chosen = [await chooseSnapshot(tx, projectId, 'data', inputs.data, dataKind[method])];
  refuseSurplus(asked);
  if (inputs.policy !== undefined || (method !== 'sft' && baseKnown)) {
    if (inputs.policy === undefined) {
      throw unsuitable('policy', `${method} starts from an SFT model: choose one.`, 'run.input_missing');
    }
    const policy = await chooseModel(tx, projectId, 'policy', inputs.policy, ['sft', 'ppo', 'dpo']);
    chosen.push(policy);
    // The policy that PPO and DPO begin with is also what they are held to.
    if (method === 'ppo' || method === 'dpo') chosen.push({ ...policy, role: 'reference' });
  }
  if (method === 'ppo') {
    if (inputs.reward !== undefined) chosen.push(await chooseModel(tx, projectId, 'reward', inputs.reward, ['reward']));
    else if (baseKnown)
      throw unsuitable('reward', 'ppo needs a reward model to score its responses: choose one.', 'run.input_missing');
    if (inputs.ptx !== undefined) chosen.push(await chooseSnapshot(tx, projectId, 'ptx', inputs.ptx, 'sft'));
  }
  return chosen;
}

function refuseSurplus({ method, inputs }: CreateRun): void {
  const takes: Record<RunMethod, readonly string[]> = {
    sft: ['data', 'policy'],
    reward: ['data', 'policy'],
    ppo: ['data', 'policy', 'reward', 'ptx'],
    dpo: ['data', 'policy'],
  };
  const surplus = Object.entries(inputs).find(([role, id]) => id !== undefined && !takes[method].includes(role));
  if (surplus) throw unsuitable(surplus[0], `${method} reads no ${surplus[0]}: leave it out.`);
}

async function chooseSnapshot(
  tx: Queryable,
  projectId: string,
  role: 'data' | 'ptx',
  id: string,
  kind: SnapshotKind,
): Promise<ChosenInput> {
  const [found] = await tx.query<{ kind: string; state: string; digest: string | null; folder: string | null }[]>(
    'select kind, state, digest, folder from snapshot where project_id = $1 and id = $2 for share',
    [projectId, id],
  );
  if (!found) throw unsuitable(role, 'There is no such snapshot in this project: choose one of the list.');
  if (found.kind !== kind) {
    throw unsuitable(role, `This snapshot is of kind ${found.kind}; what is needed here is ${kind}.`);
  }
  if (found.state === 'withdrawn') throw withdrawn(role);
  if (!found.digest || !found.folder || !['frozen', 'released'].includes(found.state)) {
    throw unsuitable(role, 'This snapshot is not frozen yet: wait until it is, or choose another.');
  }
  return { role, snapshotId: id, modelId: null, digest: found.digest };
}

async function chooseModel(
  tx: Queryable,
  projectId: string,
  role: 'policy' | 'reward',
  id: string,
  stages: readonly string[],
): Promise<ChosenInput> {
  const [found] = await tx.query<{ stage: string; state: string; hash: string }[]>(
    'select stage, state, weights_hash as hash from model where project_id = $1 and id = $2 for share',
    [projectId, id],
  );
  if (!found) throw unsuitable(role, 'There is no such model in this project: choose one of the list.');
  if (!stages.includes(found.stage)) {
    throw unsuitable(role, `This is a model of stage ${found.stage}; what is needed here is ${stages.join(' or ')}.`);
  }
  if (found.state === 'withdrawn') throw withdrawn(role);
  return { role, snapshotId: null, modelId: id, digest: found.hash };
}

function withdrawn(role: string): DomainError {
  return new DomainError({
    code: 'run.input_withdrawn',
    status: 409,
    field: `inputs.${role}`,
    detail: 'This input has been withdrawn: choose its successor, or another one.',
  });
}
