import { asConfigured, type RunConfig } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { canonicalJson } from '@qingnang/kernel';
import type { ChosenInput } from './choose-inputs.js';

/** The last run of a name that succeeded, if what it was made with is what would be trained now. */
export interface RepeatedRun {
  id: string;
  endedAt: string | null;
}

/**
 * Whether there is anything new to train: compares method, configuration and the digests of the inputs with the last run
 * of this name that succeeded. Null where there is none, or something differs.
 */
export async function findRepeat(
  db: Queryable,
  projectId: string,
  name: string,
  config: RunConfig,
  inputs: readonly ChosenInput[],
): Promise<RepeatedRun | null> {
  const [last] = await db.query<(RepeatedRun & { config: RunConfig; inputs: string[] })[]>(
    `select r.id, r.ended_at as "endedAt", r.config,
       array(select i.role || ' ' || i.digest from run_input i where i.run_id = r.id) as inputs
     from run r where r.project_id = $1 and r.name = $2 and r.method = $3 and r.state = 'succeeded'
     order by r.ended_at desc, r.id desc limit 1`,
    [projectId, name, config.method],
  );
  if (!last || canonicalJson(asConfigured(last.config)) !== canonicalJson(asConfigured(config))) return null;
  const now = inputs.map(({ role, digest }) => `${role} ${digest}`);
  if (canonicalJson(now.sort()) !== canonicalJson(last.inputs.sort())) return null;
  return { id: last.id, endedAt: last.endedAt };
}
