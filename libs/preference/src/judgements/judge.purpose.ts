import type { EntityManager } from 'typeorm';
import { type JsonObject, judgeSettings, type PlainTurn } from '@qingnang/contracts';
import {
  candidateLabel,
  type ReadJudgement,
  RubricVersionEntity,
  rubricText,
  scoreForm,
  scoreRequest,
} from '@qingnang/judge';
import {
  type AnswerForm,
  estimateTokens,
  itemIdSql,
  type LlmAnswer,
  type LlmItemEntity,
  type LlmJobEntity,
  type LlmPurpose,
  type LlmRequest,
  type LlmResult,
  PromptVersionEntity,
  type PurposeContext,
  type PurposeEstimate,
  SubjectGoneError,
} from '@qingnang/llm';
import { DomainError } from '@qingnang/kernel';
import { chosenPrompts, estimatePrompts, PROMPT_MAY_LEAVE, readOr422 } from '../llm-subjects.js';
import { BEST_REFERENCE, PROMPT_FROM, PROMPT_TURNS, tokensSql } from '../prompts/prompt-sql.js';
import { storeJudgement } from './store-judgement.js';

/** Candidates a judge can look over at once. */
const MOST_JUDGED = 16;
/** JSON around a candidate, and an answer's row about it. */
const WRAP = 16;
const ANSWER_EACH = 80;
const ANSWER_REFERENCE = 40;

/** The candidates of prompt `p` that a judge is shown: the newest, in an order of no meaning. */
const CANDIDATES = `(select array_agg(c.id order by md5($2::uuid::text || c.id::text)) from (
  select c.id from candidate c where c.prompt_id = p.id and c.text is not null
  order by c.created_at desc, c.id desc limit ${MOST_JUDGED}) c)`;

/**
 * Points for the candidates of prompts, by rubric, with the doctor's answer as the reference. Each prompt is judged twice,
 * the second time in the opposite order, so that a judge's liking for a place cancels out in the mean.
 */
export class JudgePurpose implements LlmPurpose<ReadJudgement> {
  readonly purpose = 'judge';
  readonly cacheable = true;
  /** Rubrics and prompt versions never change, so each is read once. */
  private readonly rubrics = new Map<string, RubricVersionEntity>();
  private readonly prompts = new Map<string, PromptVersionEntity>();

  async estimate(tx: EntityManager, job: LlmJobEntity, context: PurposeContext): Promise<PurposeEstimate> {
    const params: unknown[] = [job.projectId, job.id];
    const rubric = await this.rubric(tx, rubricIdOf(job));
    const prompt = await this.prompt(tx, job);
    const words = estimateTokens(prompt.systemText + prompt.userText + rubricText(rubric.dimensions));
    const shape = {
      done: 'done',
      calls: 'case when done or cardinality(candidates) < 2 or candidates is null then 0 else 2 end',
      inputExtra: `${words} + answer_tokens + ${WRAP} * coalesce(cardinality(candidates), 0)`,
      output: `${ANSWER_EACH} * coalesce(cardinality(candidates), 0) + ${ANSWER_REFERENCE}`,
    };
    return estimatePrompts(tx, this.chosen(job, params), params, shape, context);
  }

  async writeItems(tx: EntityManager, job: LlmJobEntity, context: PurposeContext): Promise<void> {
    await this.prompt(tx, job);
    const params: unknown[] = [job.projectId, job.id];
    const chosen = this.chosen(job, params);
    const bind = (value: unknown): string => `$${params.push(value)}`;
    await tx.query(
      `insert into llm_item (id, project_id, job_id, subject_type, subject_id, sample_index, prompt_version_id, params, state,
         error_code, idempotency_key)
       select item.id, $1, $2::uuid, 'prompt', item.prompt_id, item.sample_index, ${bind(job.promptVersionIds[0])},
         jsonb_build_object('candidateIds', item.candidates, 'referenceId', item.reference_id,
           'rubricVersionId', ${bind(rubricIdOf(job))}::text),
         case when item.open then 'waiting' else 'skipped' end, case when item.open then null else 'egress_refused' end,
         item.id::text || '.1'
       from (
         select ${itemIdSql('row_number() over (order by c.id, sample)')} as id, c.id as prompt_id, sample as sample_index,
           c.reference_id, c.may_leave or not ${bind(context.outside)}::boolean as open,
           case sample when 0 then c.candidates else (
             select array_agg(x.id order by x.place desc) from unnest(c.candidates) with ordinality x (id, place)) end as candidates
         from (${chosen}) c, generate_series(0, 1) sample
         where not c.done and cardinality(c.candidates) >= 2) item`,
      params,
    );
  }

  async buildRequest(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity): Promise<LlmRequest> {
    const pinned = pinnedIn(item);
    const [prompt] = await tx.query<PromptRow[]>(
      `select ${PROMPT_TURNS} as turns, r.state, ${PROMPT_MAY_LEAVE} as "mayLeave",
         (select f.text from reference f where f.id = $3) as reference,
         coalesce((select f.undone from reference f where f.id = $3), false) as "referenceUndone"
       from ${PROMPT_FROM} where p.project_id = $1 and p.id = $2`,
      [job.projectId, item.subjectId, pinned.referenceId],
    );
    if (prompt?.referenceUndone)
      throw new SubjectGoneError(
        'reference_taken_back',
        'The doctor took the reference back; judge this prompt again.',
      );
    if (prompt?.state === 'withdrawn') throw new SubjectGoneError('record_withdrawn', 'The record was withdrawn.');
    if (prompt?.state === 'held_back') throw new SubjectGoneError('record_held_back', 'The record was held back.');
    const rows = await tx.query<{ id: string; text: string | null }[]>(
      'select id, text from candidate where prompt_id = $1 and id = any($2::uuid[])',
      [item.subjectId, pinned.candidateIds],
    );
    const texts = pinned.candidateIds.map((id) => rows.find((row) => row.id === id)?.text ?? null);
    if (!prompt?.turns || texts.includes(null) || (pinned.referenceId !== null && prompt.reference === null)) {
      throw new SubjectGoneError('text_erased', 'The dialogue, a candidate or the reference was erased.');
    }
    const rubric = await this.rubric(tx, pinned.rubricVersionId);
    const subject = { turns: prompt.turns, reference: prompt.reference, candidates: texts as string[] };
    return {
      ...scoreRequest(await this.prompt(tx, job), rubric.dimensions, subject),
      mayLeave: prompt.mayLeave,
    };
  }

  async form(tx: EntityManager, _job: LlmJobEntity, item: LlmItemEntity): Promise<AnswerForm<ReadJudgement>> {
    const { candidateIds, referenceId, rubricVersionId } = pinnedIn(item);
    const shown = { candidates: candidateIds.length, reference: referenceId !== null };
    return scoreForm(await this.rubric(tx, rubricVersionId), shown);
  }

  async store(
    tx: EntityManager,
    job: LlmJobEntity,
    item: LlmItemEntity,
    answer: LlmAnswer<ReadJudgement>,
  ): Promise<LlmResult> {
    const { candidateIds, referenceId, rubricVersionId } = pinnedIn(item);
    const { reference, candidates: scored } = answer.read;
    const id = await storeJudgement(tx, {
      projectId: job.projectId,
      promptId: item.subjectId,
      referenceId,
      rubricVersionId,
      origin: 'ai',
      llmItemId: item.id,
      rehearsal: answer.rehearsal,
      reference,
      reason: scored.map(({ reason }, i) => `${candidateLabel(i)}. ${reason}`).join('\n'),
      items: scored.map(({ scores, total }, i) => ({ candidateId: candidateIds[i]!, scores, total, worth: total })),
    });
    return { type: 'judgement', id };
  }

  /** `done`: there are candidates, and each has been scored under this rubric with this reference. */
  private chosen(job: LlmJobEntity, params: unknown[]): string {
    const { skipJudged } = readOr422(judgeSettings, job.settings, 'settings');
    // Bound only where it is used: PostgreSQL cannot tell the type of a value nobody reads.
    const done = (): string => `(
      select count(*) from (select from candidate c where c.prompt_id = p.id and c.text is not null limit 2) c) = 2 and not exists (
      select from candidate c where c.prompt_id = p.id and c.text is not null and not exists (
        select from judgement_item x join judgement j on j.id = x.judgement_id
        where x.candidate_id = c.id and j.origin = 'ai' and j.rubric_version_id = $${params.push(rubricIdOf(job))}::uuid
          and j.reference_id is not distinct from ${BEST_REFERENCE}))`;
    const answers = tokensSql(`(select coalesce(string_agg(c.text, ''), '') from candidate c where c.prompt_id = p.id)
      || coalesce((select f.text from reference f where f.id = ${BEST_REFERENCE}), '')`);
    return chosenPrompts(
      job,
      params,
      `${CANDIDATES} as candidates, ${BEST_REFERENCE} as reference_id, ${answers} as answer_tokens,
       ${skipJudged ? done() : 'false'} as done`,
    );
  }

  private async rubric(tx: EntityManager, id: string): Promise<RubricVersionEntity> {
    const rubric = this.rubrics.get(id) ?? (await tx.findOneByOrFail(RubricVersionEntity, { id }));
    this.rubrics.set(id, rubric);
    return rubric;
  }

  private async prompt(tx: EntityManager, job: LlmJobEntity): Promise<PromptVersionEntity> {
    const id = job.promptVersionIds[0];
    if (id === undefined) throw lacksPlace();
    const version = this.prompts.get(id) ?? (await tx.findOneByOrFail(PromptVersionEntity, { id }));
    if (!version.variables.includes('material')) throw lacksPlace();
    this.prompts.set(id, version);
    return version;
  }
}

interface PromptRow {
  turns: PlainTurn[] | null;
  state: string;
  mayLeave: boolean;
  reference: string | null;
  referenceUndone: boolean;
}

interface Pinned {
  candidateIds: string[];
  referenceId: string | null;
  rubricVersionId: string;
}

/** What was fixed when the items were written out, so that a resumed job asks the same. */
function pinnedIn(item: LlmItemEntity): Pinned {
  return item.params as unknown as Pinned;
}

function rubricIdOf(job: LlmJobEntity): string {
  return String((job.settings as JsonObject).rubricVersionId);
}

function lacksPlace(): DomainError {
  return new DomainError({
    code: 'judge.template_lacks_place',
    status: 422,
    field: 'rubricVersionId',
    detail: 'The rubric needs a judge template that holds {{material}}, where dialogue and candidates go.',
  });
}
