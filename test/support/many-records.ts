import type { DataSource } from 'typeorm';
import { createRecords, prepareDialogue, type SourceEntity } from '@qingnang/corpus';

/** Huatuo-26M's mean lengths. */
const QUESTION = 45;
const ANSWER = 121;
const LETTERS = '头晕恶心咳嗽发热胸闷气短失眠腹痛';

/** Words of their own for each number, as SQL. */
function wordsSql(salt: string, length: number): string {
  const hashes = Array.from({ length: Math.ceil(length / 32) }, (_, i) => `md5(n || '${salt}${i}')`);
  return `left('第' || n || '例' || translate(${hashes.join(' || ')}, '0123456789abcdef', '${LETTERS}'), ${length})`;
}

/** In order, so that the indexes are filled from one end. */
const id = (table: number): string => `('0190000${table}-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;

/**
 * Single-turn consultations numbered `from` up to but not with `to`, approved unless told otherwise: copies of a record made
 * by the platform, which then goes, with words, hashes and ids of their own, by a few statements for any number.
 */
export async function makeMany(
  dataSource: DataSource,
  source: SourceEntity,
  { from, to, approved = true }: { from: number; to: number; approved?: boolean },
): Promise<void> {
  const madeBy = { kind: 'import' as const, id: source.id };
  const turns = [
    { role: 'patient' as const, text: `甲${from}` },
    { role: 'doctor' as const, text: `乙${from}` },
  ];
  const origin = { projectId: source.projectId, dataSet: 'real_instruction' as const, source, kind: 'import' as const };
  const state = approved ? 'approved' : 'imported';
  await dataSource.transaction(async (tx) => {
    const [model] = await createRecords(tx, [prepareDialogue({ turns, madeBy })], { ...origin, madeBy });
    // Keys and counts rest while they come in.
    await tx.query(`set local session_replication_role = 'replica'`);
    const rows = 'generate_series($2::int, $3::int - 1) n';
    const [record, version, approval] = [id(1), id(2), id(3)];
    const words = `jsonb_set(jsonb_set(m.turns, '{0,text}', to_jsonb(${wordsSql('q', QUESTION)})),
      '{1,text}', to_jsonb(${wordsSql('a', ANSWER)}))`;
    for (const sql of [
      `insert into version select x.* from version m, ${rows}, jsonb_populate_record(m, jsonb_build_object(
         'id', ${version}, 'record_id', ${record}, 'turns', ${words})) x where m.record_id = $1`,
      `insert into record select x.* from record m, ${rows}, jsonb_populate_record(m, jsonb_build_object(
         'id', ${record}, 'latest_version_id', ${version}, 'import_version_id', ${version}, 'state', '${state}',
         'identity_hash', sha256(${record}::text::bytea), 'question_hash', sha256(${version}::text::bytea))) x
       where m.id = $1`,
      `insert into approval (id, project_id, record_id, version_id, rule)
       select ${approval}, m.project_id, ${record}, ${version}, 'single_answer' from record m, ${rows}
       where m.id = $1 and ${approved}`,
    ]) {
      await tx.query(sql, [model!.recordId, from, to]);
    }
    await tx.query('delete from version where record_id = $1', [model!.recordId]);
    await tx.query('delete from record where id = $1', [model!.recordId]);
    await tx.query('analyze');
  });
}
