import type { EntityManager } from 'typeorm';
import { candidateLabel, ensureRubric, readScores, type RubricVersionEntity } from '@qingnang/judge';
import { createRandom, uuidv7 } from '@qingnang/kernel';
import { judgeScores } from '@qingnang/rehearsal';
import { makePrompts, storeJudgement } from '@qingnang/preference';
import type { DemoPrompt } from '../demo-data.js';
import { DEMO_SEED, type DemoStep } from './demo-step.js';

/** Prompts with reference answers, four candidates each, and the judge's scores of them by the rehearsal rule. */
export async function seedPreference(step: DemoStep): Promise<void> {
  const { projectId } = step.cast;
  await step.services.dataSource.transaction(async (tx) => {
    const rubric = await ensureRubric(tx, projectId);
    const records = await recordsOfPrompts(tx, projectId);
    const random = createRandom(DEMO_SEED);
    for (const prompt of step.data.prompts) {
      const record = records.get(prompt.outsideId);
      if (!record) continue;
      const candidates = random.shuffle(prompt.candidates).map(({ text }) => ({ id: uuidv7(), text }));
      const [promptId, referenceId] = await insertPrompt(tx, step.cast, record, prompt);
      await insertCandidates(tx, projectId, promptId, candidates);
      await label(tx, { projectId, promptId, referenceId, rubric }, prompt, candidates);
    }
    await askRecords(tx, projectId);
  });
}

/** The prompt and the doctor's answer to it; their ids. */
async function insertPrompt(
  tx: EntityManager,
  { projectId, doctorId }: DemoStep['cast'],
  record: { recordId: string; versionId: string },
  prompt: DemoPrompt,
): Promise<[promptId: string, referenceId: string]> {
  const [promptId, referenceId] = [uuidv7(), uuidv7()];
  await tx.query(`insert into subject (id, project_id, kind, record_id) values ($1, $2, 'prompt', $3)`, [
    promptId,
    projectId,
    record.recordId,
  ]);
  await tx.query('insert into prompt (id, project_id, record_id, version_id, turn_n) values ($1, $2, $3, $4, $5)', [
    promptId,
    projectId,
    record.recordId,
    record.versionId,
    prompt.turns.length - 1,
  ]);
  await tx.query(
    `insert into reference (id, project_id, prompt_id, doctor_id, kind, text, synthetic)
     values ($1, $2, $3, $4, 'answer', $5, true)`,
    [referenceId, projectId, promptId, doctorId, prompt.reference],
  );
  return [promptId, referenceId];
}

async function label(
  tx: EntityManager,
  where: { projectId: string; promptId: string; referenceId: string; rubric: RubricVersionEntity },
  prompt: DemoPrompt,
  candidates: readonly { id: string; text: string }[],
): Promise<void> {
  const { rubric, ...ids } = where;
  const material = {
    turns: prompt.turns,
    reference: prompt.reference,
    candidates: candidates.map(({ text }, i) => ({ id: candidateLabel(i), text })),
  };
  const shown = { candidates: candidates.length, reference: true };
  const said = readScores(JSON.stringify(judgeScores(material)), rubric, shown);
  await storeJudgement(tx, {
    ...ids,
    rubricVersionId: rubric.id,
    origin: 'ai',
    rehearsal: true,
    synthetic: true,
    reference: said.reference,
    items: said.candidates.map(({ scores, total }, i) => ({
      candidateId: candidates[i]!.id,
      scores,
      total,
      worth: total,
    })),
  });
}

async function recordsOfPrompts(
  tx: EntityManager,
  projectId: string,
): Promise<Map<string, { recordId: string; versionId: string }>> {
  const rows: { outside_id: string; recordId: string; versionId: string }[] = await tx.query(
    `select o.outside_id, r.id as "recordId", r.import_version_id as "versionId"
     from record r join occurrence o on o.record_id = r.id
     where r.project_id = $1 and r.question_only and not exists (select from prompt p where p.record_id = r.id)`,
    [projectId],
  );
  return new Map(rows.map(({ outside_id, ...row }) => [outside_id, row]));
}

async function insertCandidates(
  tx: EntityManager,
  projectId: string,
  promptId: string,
  candidates: readonly { id: string; text: string }[],
): Promise<void> {
  await tx.query(
    `insert into candidate (id, project_id, prompt_id, model, sample_index, text, rehearsal)
     select x.id, $1, $2, 'rehearsal-doctor', x.i, x.text, true
     from jsonb_to_recordset($3::jsonb) as x (id uuid, i integer, text text)`,
    [projectId, promptId, JSON.stringify(candidates.map((candidate, i) => ({ ...candidate, i })))],
  );
}

/** Makes prompts of what the records ask: PPO wants many questions, and these wait for a doctor's own answer. */
async function askRecords(tx: EntityManager, projectId: string): Promise<void> {
  // Once: words approved meanwhile would make prompts of their own.
  const [asked]: unknown[] = await tx.query(
    'select 1 from prompt p join record r on r.id = p.record_id where p.project_id = $1 and not r.question_only limit 1',
    [projectId],
  );
  if (asked) return;
  const filter = { language: 'zh', questionOnly: false } as const;
  await makePrompts(tx, { projectId }, { filter, turns: 'last', originalReplies: true });
}
