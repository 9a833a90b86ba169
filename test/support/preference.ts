import type { DataSource } from 'typeorm';
import type { MakePrompts } from '@qingnang/contracts';
import { makePrompts, storeJudgement } from '@qingnang/preference';
import { ensureRubric } from '@qingnang/judge';
import { uuidv7 } from '@qingnang/kernel';
import { importDialogues, makeSource } from './corpus.js';

/** Makes prompts of everything in the project, and answers their ids in the order of records. */
export async function promptsOf(
  dataSource: DataSource,
  projectId: string,
  wish: Partial<MakePrompts> = {},
): Promise<string[]> {
  await dataSource.transaction((tx) =>
    makePrompts(tx, { projectId }, { filter: {}, turns: 'all', originalReplies: false, ...wish }),
  );
  const rows: { id: string }[] = await dataSource.query(
    'select id from prompt where project_id = $1 order by record_id, turn_n',
    [projectId],
  );
  return rows.map((row) => row.id);
}

/** Single-turn dialogues of their own, imported and made prompts. */
export async function makeQuestions(
  dataSource: DataSource,
  projectId: string,
  n: number,
  changes: Parameters<typeof makeSource>[2] = {},
): Promise<string[]> {
  const source = await makeSource(dataSource, projectId, changes);
  const dialogues = Array.from({ length: n }, (_, i) => [
    `孩子咳嗽${i + 2}天了，夜里重，要吃药吗？`,
    `先多喝水，房间加湿，${i + 3}天不好就来看。`,
  ]);
  await importDialogues(dataSource, source, dialogues);
  return promptsOf(dataSource, projectId);
}

/** Candidates as a model job would leave them. */
export async function addCandidates(
  dataSource: DataSource,
  projectId: string,
  promptId: string,
  texts: readonly string[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const [i, text] of texts.entries()) {
    const id = uuidv7();
    ids.push(id);
    await dataSource.query(
      `insert into candidate (id, project_id, prompt_id, model, sample_index, text, rehearsal)
       values ($1, $2, $3, 'some-model', $4, $5, true)`,
      [id, projectId, promptId, i, text],
    );
  }
  return ids;
}

/** An AI's judgement with these totals, one a candidate. */
export function addAiJudgement(
  dataSource: DataSource,
  projectId: string,
  promptId: string,
  candidateIds: readonly string[],
  totals: readonly number[],
): Promise<string> {
  return dataSource.transaction(async (tx) => {
    const rubric = await ensureRubric(tx, projectId);
    return storeJudgement(tx, {
      projectId,
      promptId,
      referenceId: null,
      rubricVersionId: rubric.id,
      origin: 'ai',
      rehearsal: true,
      items: candidateIds.map((candidateId, i) => ({ candidateId, total: totals[i]!, worth: totals[i]! })),
    });
  });
}
