import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type {
  Actor,
  Calibration,
  CandidateQuery,
  CandidateSummary,
  CandidateView,
  JudgementQuery,
  JudgementSummary,
  JudgementView,
  ListReply,
  RubricView,
} from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { CANDIDATE_COLUMNS, CANDIDATE_FROM, CANDIDATE_JUDGED } from '../candidates/candidate-sql.js';
import { ofRecordInUse, questionOf } from '../prompts/prompt-sql.js';
import { calibrate } from './calibration.js';
import { JUDGEMENT_COLUMNS, JUDGEMENT_FROM, JUDGEMENT_WINNERS, judgementsOf } from './read-judgements.js';

/** Candidates and what was said of them. */
@Injectable()
export class JudgementService {
  constructor(private readonly dataSource: DataSource) {}

  listCandidates(actor: Actor, query: CandidateQuery): Promise<ListReply<CandidateSummary>> {
    const params: unknown[] = [actor.projectId];
    const where = ['c.project_id = $1'];
    where.push(query.promptId ? `c.prompt_id = $${params.push(query.promptId)}` : ofRecordInUse('c.prompt_id'));
    if (query.model) where.push(`c.model = $${params.push(query.model)}`);
    return listPage<CandidateSummary, CandidateSummary>(this.dataSource, {
      select: `${CANDIDATE_COLUMNS}, ${questionOf('c.prompt_id')} as question, ${CANDIDATE_JUDGED} as judged`,
      from: CANDIDATE_FROM,
      where,
      params,
      sortable: { createdAt: { sql: 'c.created_at', type: 'timestamptz' } },
      id: { sql: 'c.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  async getCandidate(actor: Actor, id: string): Promise<CandidateView> {
    const [found] = await this.dataSource.query<CandidateView[]>(
      `select ${CANDIDATE_COLUMNS} from ${CANDIDATE_FROM} where c.project_id = $1 and c.id = $2`,
      [actor.projectId, id],
    );
    if (!found) throw notFound('candidate', id);
    return found;
  }

  list(actor: Actor, query: JudgementQuery): Promise<ListReply<JudgementSummary>> {
    const params: unknown[] = [actor.projectId];
    const where = ['j.project_id = $1', 'not j.undone'];
    where.push(query.promptId ? `j.prompt_id = $${params.push(query.promptId)}` : ofRecordInUse('j.prompt_id'));
    if (query.origin) where.push(`j.origin = $${params.push(query.origin)}`);
    if (query.aiOrderShown !== undefined) where.push(`j.ai_order_shown = $${params.push(query.aiOrderShown)}`);
    if (query.referenceGrade) where.push(`j.reference_grade = $${params.push(query.referenceGrade)}`);
    return listPage<JudgementSummary, JudgementSummary>(this.dataSource, {
      select: `${JUDGEMENT_COLUMNS}, ${questionOf('j.prompt_id')} as question, ${JUDGEMENT_WINNERS} as winners`,
      from: JUDGEMENT_FROM,
      where,
      params,
      sortable: { createdAt: { sql: 'j.created_at', type: 'timestamptz' } },
      id: { sql: 'j.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  async get(actor: Actor, id: string): Promise<JudgementView> {
    const [found] = await this.dataSource.query<JudgementView[]>(
      `select ${JUDGEMENT_COLUMNS} from ${JUDGEMENT_FROM} where j.project_id = $1 and j.id = $2`,
      [actor.projectId, id],
    );
    if (!found) throw notFound('judgement', id);
    return found;
  }

  rubrics(actor: Actor): Promise<RubricView[]> {
    return this.dataSource.query(
      `select id, key, number, dimensions, prompt_version_id as "promptVersionId",
         grades_reference as "gradesReference", created_at as "createdAt"
       from rubric_version where project_id = $1 order by key, number desc`,
      [actor.projectId],
    );
  }

  /** Over the newest thousand prompts that a doctor ranked blind. */
  async calibration(actor: Actor): Promise<Calibration> {
    const prompts = await this.dataSource.query<{ promptId: string }[]>(
      `select prompt_id as "promptId" from judgement
       where project_id = $1 and origin = 'doctor' and not undone and not ai_order_shown
       group by prompt_id order by max(created_at) desc limit 1000`,
      [actor.projectId],
    );
    const ids = prompts.map((prompt) => prompt.promptId);
    const doctors = await this.dataSource.query<{ n: number }[]>(
      `select count(distinct person_id)::int as n from judgement
       where prompt_id = any($1::uuid[]) and origin = 'doctor' and not undone and not ai_order_shown`,
      [ids],
    );
    return {
      ...calibrate([...(await judgementsOf(this.dataSource, actor.projectId, ids)).values()]),
      doctors: doctors[0]!.n,
    };
  }
}
