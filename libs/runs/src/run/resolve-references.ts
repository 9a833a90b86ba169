import type { CreateRun, RunTemplate } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { DomainError } from '@qingnang/kernel';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const VERSIONED = /^(.+)@(\d{1,9}|latest)$/;

/**
 * What the names of a template mean at this moment, as ids; whether they suit is for `chooseInputs` to say.
 * @throws DomainError `run.unknown_input` (422) naming the role at fault
 */
export async function resolveReferences(
  db: Queryable,
  projectId: string,
  inputs: RunTemplate['inputs'],
): Promise<CreateRun['inputs']> {
  const found: CreateRun['inputs'] = { data: await snapshotId(db, projectId, 'data', inputs.data) };
  if (inputs.ptx !== undefined) found.ptx = await snapshotId(db, projectId, 'ptx', inputs.ptx);
  if (inputs.policy !== undefined) found.policy = await modelId(db, projectId, 'policy', inputs.policy);
  if (inputs.reward !== undefined) found.reward = await modelId(db, projectId, 'reward', inputs.reward);
  return found;
}

async function snapshotId(db: Queryable, projectId: string, role: string, reference: string): Promise<string> {
  if (UUID.test(reference)) return reference;
  const [, name, version] = VERSIONED.exec(reference) ?? [];
  if (name === undefined || version === undefined) {
    throw unknownInput(role, 'A snapshot is named NAME@VERSION or NAME@latest.');
  }
  const [row] = await db.query<{ id: string }[]>(
    `select id from snapshot where project_id = $1 and name = $2
       and case when $3 = 'latest' then state in ('frozen', 'released') else version::text = $3 end
     order by version desc limit 1`,
    [projectId, name, version],
  );
  if (!row) throw unknownInput(role, `There is no ${version === 'latest' ? 'frozen ' : ''}snapshot ${reference} here.`);
  return row.id;
}

async function modelId(
  db: Queryable,
  projectId: string,
  role: 'policy' | 'reward',
  reference: string,
): Promise<string> {
  if (UUID.test(reference)) return reference;
  const name = /^(.+)@latest$/.exec(reference)?.[1];
  const [row] = await db.query<{ id: string }[]>(
    name === undefined
      ? 'select id from model where project_id = $1 and name = $2'
      : `select m.id from model m join run r on r.id = m.run_id
         where m.project_id = $1 and r.name = $2 and m.state = 'registered' and (m.stage = 'reward') = ($3 = 'reward')
         order by m.created_at desc, m.id desc limit 1`,
    name === undefined ? [projectId, reference] : [projectId, name, role],
  );
  if (!row) throw unknownInput(role, `There is no model ${reference} here.`);
  return row.id;
}

function unknownInput(role: string, detail: string): DomainError {
  return new DomainError({ code: 'run.unknown_input', status: 422, field: `inputs.${role}`, detail });
}
