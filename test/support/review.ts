import type { DataSource } from 'typeorm';
import type { Actor, CreateTaskSet, Role } from '@qingnang/contracts';
import { addVersion } from '@qingnang/corpus';
import { uuidv7 } from '@qingnang/kernel';

/** A person with roles in a project, as an actor. */
export async function makePerson(dataSource: DataSource, projectId: string, roles: Role[]): Promise<Actor> {
  const id = uuidv7();
  await dataSource.query(`insert into person (id, login, display_name) values ($1, $2, $2)`, [id, `login-${id}`]);
  await dataSource.query('insert into membership (project_id, person_id, roles) values ($1, $2, $3)', [
    projectId,
    id,
    roles,
  ]);
  return { kind: 'person', id, projectId, personId: id, roles, installationAdmin: false, runId: null, requestId: null };
}

/** Adds a polish to each record: the doctor's turns with a greeting before and a wish after. */
export async function polishRecords(
  dataSource: DataSource,
  projectId: string,
  recordIds: readonly string[],
): Promise<void> {
  for (const recordId of recordIds) {
    const [record] = await dataSource.query(
      'select r.import_version_id, v.turns from record r join version v on v.id = r.import_version_id where r.id = $1',
      [recordId],
    );
    await dataSource.transaction((tx) =>
      addVersion(tx, {
        projectId,
        recordId,
        parentId: record.import_version_id,
        kind: 'polish',
        turns: record.turns.map((turn: { role: string; text: string }) =>
          turn.role === 'doctor' ? { ...turn, text: `您好，${turn.text}祝您早日康复。` } : turn,
        ),
        madeBy: { kind: 'llm', id: 'test' },
      }),
    );
  }
}

export const polishReview = (changes: Partial<CreateTaskSet> = {}): CreateTaskSet => ({
  name: '润色审核',
  kind: 'polish_review',
  filter: {},
  overlap: 1,
  roles: ['annotator'],
  departments: [],
  deadline: null,
  ...changes,
});
