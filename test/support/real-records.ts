import { createReadStream, readFileSync } from 'node:fs';
import { detectLayout, readRecords } from '@qingnang/corpus';
import type { SftRow } from '@qingnang/contracts';
import { writeSnapshot } from '../../training/testing/tiny-snapshot.js';
import { splitOf } from './demo-rows.js';

/** Public files that lie beside a checkout and never enter it. Test sets are not among them: nothing may train on those. */
export const REAL_DATA = new URL('../../../shared/data/', import.meta.url);

/** An SFT snapshot of a file's records, read as the importer reads them. @returns records in it */
export async function writeRealSnapshot(folder: string, path: string, dataSet: SftRow['data_set']): Promise<number> {
  const file = new URL(path, REAL_DATA);
  const plan = detectLayout(readFileSync(file).subarray(0, 262_144));
  const rows: SftRow[] = [];
  for await (const row of readRecords(createReadStream(file), plan)) {
    if (row.kind !== 'record' || row.questionOnly) continue;
    const id = `${path}:${row.rowNumber}`;
    rows.push({
      id,
      record_id: id,
      group_id: id,
      data_set: dataSet,
      department: row.department,
      language: 'zh',
      source: path.split('/')[0]!,
      licence: 'as published',
      model: null,
      prompt_version: null,
      rehearsal: false,
      weight: 1,
      messages: row.turns.map(({ role, text }) => ({ role: role === 'patient' ? 'user' : 'assistant', content: text })),
    });
  }
  const of = (split: string): SftRow[] => rows.filter((row) => splitOf(row.group_id) === split);
  await writeSnapshot(folder, 'sft', { train: of('train'), validation: of('validation') }, { rehearsal: false });
  return rows.length;
}
