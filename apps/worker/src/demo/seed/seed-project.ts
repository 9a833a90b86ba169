import type { EntityManager } from 'typeorm';
import { ensureRubric } from '@qingnang/judge';
import { createProject } from '@qingnang/identity';
import { uuidv7 } from '@qingnang/kernel';
import { ensureLlmDefaults } from '@qingnang/llm';
import type { DemoCast } from './demo-step.js';

/** The project, with the installation's admin in every role, and two invented colleagues who cannot sign in. */
export async function seedProject(tx: EntityManager): Promise<DemoCast | null> {
  const [admin]: { id: string }[] = await tx.query(
    'select id from person where installation_admin order by created_at limit 1',
  );
  if (!admin) return null;
  const projectId = await createProject(
    tx,
    { kind: 'system', id: 'demo', requestId: null },
    {
      slug: 'demo',
      name: '演示 Demo',
      description:
        '全部为合成数据，仅供演示；不得发布，不作医疗建议。 All synthetic, for demonstration; not for release, no medical advice.',
      isDemo: true,
      adminId: admin.id,
    },
  );
  // The same split everywhere, so that the demo trains to the same figures on every machine.
  await tx.query(`update project set split_salt = 'demo' where id = $1`, [projectId]);
  await tx.query(
    `update membership set roles = '{admin,data_lead,reviewer,annotator,doctor}' where project_id = $1 and person_id = $2`,
    [projectId, admin.id],
  );
  await ensureLlmDefaults(tx, projectId);
  await ensureRubric(tx, projectId);
  return {
    projectId,
    annotatorId: await makeColleague(tx, projectId, 'demo-annotator', '示范标注员', 'annotator'),
    doctorId: await makeColleague(tx, projectId, 'demo-doctor', '示范医生', 'doctor'),
  };
}

async function makeColleague(
  tx: EntityManager,
  projectId: string,
  login: string,
  name: string,
  role: string,
): Promise<string> {
  const id = uuidv7();
  await tx.query('insert into person (id, login, display_name) values ($1, $2, $3)', [id, login, name]);
  await tx.query('insert into membership (project_id, person_id, roles) values ($1, $2, $3)', [projectId, id, [role]]);
  return id;
}
