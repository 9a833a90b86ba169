import type { PromptDetail } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { CANDIDATE_COLUMNS, CANDIDATE_FROM } from '../candidates/candidate-sql.js';
import { judgementsOf } from '../judgements/read-judgements.js';
import { derivePairs } from '../pairs/derive-pairs.js';
import { MIN_MARGIN } from '../pairs/select-pairs.js';
import { REFERENCE_COLUMNS, REFERENCE_IN_FORCE } from '../references/reference-sql.js';
import { readPromptHead } from './prompt-head.js';

/** Far more than are ever drawn for one prompt. */
const MOST = 200;

/** A prompt with all that was answered to it and said about the answers. */
export async function readPromptDetail(db: Queryable, projectId: string, id: string): Promise<PromptDetail> {
  const head = await readPromptHead(db, projectId, id);
  const of = (columns: string, from: string, alias: string, order: string): Promise<never[]> =>
    db.query(
      `select ${columns} from ${from} where ${alias}.project_id = $1 and ${alias}.prompt_id = $2 order by ${order} limit ${MOST}`,
      [projectId, id],
    );
  const references = await of(REFERENCE_COLUMNS, REFERENCE_IN_FORCE, 'f', 'f.created_at desc, f.id desc');
  const candidates: PromptDetail['candidates'] = await of(
    CANDIDATE_COLUMNS,
    CANDIDATE_FROM,
    'c',
    'c.model, c.sample_index, c.id',
  );
  const judgements = (await judgementsOf(db, projectId, [id])).get(id) ?? [];
  const rubrics = await db.query<PromptDetail['rubrics']>(
    `select id, key, number, dimensions, prompt_version_id as "promptVersionId",
         grades_reference as "gradesReference", created_at as "createdAt"
     from rubric_version where project_id = $1 and id = any($2::uuid[]) order by number desc`,
    [projectId, judgements.map((judgement) => judgement.rubricVersionId)],
  );
  const texts = new Map(candidates.map((candidate) => [candidate.id, candidate.text]));
  const pairs = derivePairs(judgements, { minMargin: MIN_MARGIN }).filter(
    ({ chosenId, rejectedId }) => texts.get(chosenId) && texts.get(chosenId) !== texts.get(rejectedId),
  );
  return { ...head, references, candidates, judgements, pairs, rubrics };
}
