import { Readable } from 'node:stream';
import type { EntityManager } from 'typeorm';
import type { DataSet, Language, ReadPlan, Turn } from '@qingnang/contracts';
import { addVersion, approve, ImportEntity, ImportFileEntity, SourceEntity, UploadEntity } from '@qingnang/corpus';
import { uuidv7 } from '@qingnang/kernel';
import { latestPromptVersion } from '@qingnang/llm';
import { polishTurns } from '@qingnang/rehearsal';
import { ONLY_ATTEMPT } from '@qingnang/queue';
import type { DemoRecord } from '../demo-data.js';
import { DEMO_SEED, type DemoStep } from './demo-step.js';

const plan: ReadPlan = {
  container: 'json',
  layout: 'sharegpt',
  encoding: 'utf-8',
  mapping: { id: 'id', department: 'department' },
};

/** One in so many polished records waits for the person who tries the demo. */
const WAITING_SHARE = 5;

/** Brings records and the questions of the prompts in through the importer, a file a data set and language. */
export async function seedRecords(step: DemoStep): Promise<void> {
  const { records, prompts } = step.data;
  for (const language of ['zh', 'en'] as const) {
    const sourceId = await ensureSource(step, language);
    for (const [dataSet, rows] of byDataSet(records.filter((record) => record.language === language))) {
      await importFile(step, sourceId, dataSet, `demo-${language}-${dataSet}.jsonl`, rows);
    }
    if (language === 'zh') await importFile(step, sourceId, 'real_instruction', 'demo-zh-prompts.jsonl', prompts);
  }
}

function byDataSet(records: readonly DemoRecord[]): Map<DataSet, DemoRecord[]> {
  const parted = new Map<DataSet, DemoRecord[]>();
  for (const record of records) parted.set(record.dataSet, [...(parted.get(record.dataSet) ?? []), record]);
  return parted;
}

async function ensureSource(step: DemoStep, language: Language): Promise<string> {
  const { manager } = step.services.dataSource;
  const { projectId } = step.cast;
  const name = language === 'zh' ? '演示语料（合成）' : 'Demo corpus (synthetic)';
  const known = await manager.findOneBy(SourceEntity, { projectId, name });
  if (known) return known.id;
  const id = uuidv7();
  await manager.insert(SourceEntity, {
    id,
    projectId,
    name,
    language,
    origin: 'Qingnang demo grammar',
    licence: 'CC0-1.0',
    terms: '合成数据，仅供演示。 Synthetic, for demonstration only.',
    allowedUse: ['train', 'evaluate', 'reference'],
    deidentified: true,
    synthetic: true,
  });
  return id;
}

type Row = Pick<DemoRecord, 'outsideId' | 'department' | 'turns'>;

/** The importer itself goes on where a killed one stopped; a file that is in is not read again. */
async function importFile(
  step: DemoStep,
  sourceId: string,
  dataSet: DataSet,
  fileName: string,
  rows: readonly Row[],
): Promise<void> {
  const { dataSource, blobs, imports } = step.services;
  const { projectId } = step.cast;
  const [known]: { id: string }[] = await dataSource.query(
    `select f.import_id as id from import_file f join upload u on u.id = f.upload_id
     where f.project_id = $1 and u.file_name = $2`,
    [projectId, fileName],
  );
  const id = known?.id ?? uuidv7();
  if (!known) {
    const uploadId = uuidv7();
    const blobKey = `uploads/${projectId}/${uploadId}`;
    const stored = await blobs.put(blobKey, Readable.from(rows.map(jsonLine)));
    await dataSource.transaction(async (tx) => {
      const { bytes, sha256 } = stored;
      await tx.insert(UploadEntity, { id: uploadId, projectId, fileName, bytes: String(bytes), sha256, blobKey });
      await tx.insert(ImportEntity, { id, projectId, sourceId, dataSet, plan });
      await tx.insert(ImportFileEntity, { importId: id, projectId, n: 0, role: 'rows', uploadId });
    });
  }
  // A sweep that finds it under way gives it to a worker too: both take batches by turns, until it has ended.
  for (let ended = false; !ended;) {
    await imports.run(projectId, id, ONLY_ATTEMPT);
    const [row]: { state: string }[] = await dataSource.query('select state from import where id = $1', [id]);
    ended = row!.state !== 'queued' && row!.state !== 'running';
  }
}

function jsonLine({ outsideId, department, turns }: Row): Buffer {
  const conversations = turns.map(({ role, text }) => ({ from: role === 'patient' ? 'human' : 'gpt', value: text }));
  return Buffer.from(`${JSON.stringify({ id: outsideId, department, conversations })}\n`);
}

interface ToPolish {
  id: string;
  import_version_id: string;
  turns: Turn[];
}

/** Polishes the doctors' own words by the rule of the rehearsal model, as a polish job would. */
export async function polishDoctors(step: DemoStep): Promise<void> {
  const { projectId } = step.cast;
  await step.services.dataSource.transaction(async (tx) => {
    const prompt = await latestPromptVersion(tx, projectId, 'polish');
    for (const record of await unpolished(tx, projectId)) {
      const polished = new Map(polishTurns(record.turns, DEMO_SEED).map(({ n, text }) => [n, text]));
      await addVersion(tx, {
        projectId,
        recordId: record.id,
        parentId: record.import_version_id,
        kind: 'polish',
        turns: record.turns.map(({ n, role, text }) => ({ n, role, text: polished.get(n) ?? text })),
        madeBy: { kind: 'llm', id: 'demo' },
        rehearsalCall: true,
        promptVersionId: prompt?.id ?? null,
        model: 'rehearsal-polish',
      });
    }
  });
}

function unpolished(tx: EntityManager, projectId: string): Promise<ToPolish[]> {
  return tx.query(
    `select r.id, r.import_version_id, v.turns from record r join version v on v.id = r.import_version_id
     where r.project_id = $1 and r.data_set like 'real_%' and not r.question_only
       and not exists (select from version p where p.record_id = r.id and p.kind = 'polish') order by r.id`,
    [projectId],
  );
}

/** Approves what has an answer, by rule; some of the polished texts are left for people to review. */
export async function approveTexts(step: DemoStep): Promise<void> {
  const { projectId } = step.cast;
  await step.services.dataSource.transaction(async (tx) => {
    const records: { id: string; latest_version_id: string; data_set: DataSet; place: number }[] = await tx.query(
      `select r.id, r.latest_version_id, r.data_set, (row_number() over (partition by r.data_set order by r.id))::int as place
       from record r where r.project_id = $1 and r.state = 'imported' and not r.question_only order by r.id`,
      [projectId],
    );
    for (const record of records) {
      if (record.data_set.startsWith('real_') && record.place % WAITING_SHARE === 0) continue;
      await approve(tx, {
        projectId,
        recordId: record.id,
        versionId: record.latest_version_id,
        approvedBy: null,
        rule: 'demo',
      });
    }
  });
}
