import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor, AnswerQuery, AnswerRow, ListReply, PersonProgress } from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { ANSWER_FACTS } from './facts/answer-facts.js';
import { peopleOfTaskSet } from './people-of-set.js';

const COLUMNS = `a.id, a.task_id as "taskId", a.task_set_id as "taskSetId", ts.name as "taskSetName", ts.kind,
  t.record_id as "recordId", json_build_object('id', p.id, 'name', p.display_name) as person, a.round, a.verdict,
  a.reason_code as "reasonCode", a.comment, a.version_id as "versionId", ${ANSWER_FACTS} as facts,
  'not_compared' = any (a.flags) as "notCompared", a.seconds, a.created_at as "createdAt",
  'undone' = any (a.flags) as undone, t.state as "taskState",
  coalesce((select left(x ->> 'text', 120) from jsonb_array_elements(v.turns) x where x ->> 'role' = 'patient'
    limit 1), o.title, '') as question`;

const FROM = `answer a join task t on t.id = a.task_id join task_set ts on ts.id = a.task_set_id
  join person p on p.id = a.person_id join subject o on o.id = t.subject_id
  left join record r on r.id = t.record_id left join version v on v.id = r.import_version_id`;

const WITH = {
  words: 'a.comment is not null or a.reason_code is not null',
  facts: 'exists (select from answer_fact f where f.answer_id = a.id and f.confirmed_at is not null)',
};

/** What people answered, said and asked, for those who lead the work. */
@Injectable()
export class AnswerService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: AnswerQuery): Promise<ListReply<AnswerRow>> {
    const params: unknown[] = [actor.projectId];
    const where = ['a.project_id = $1'];
    const narrow = (column: string, value: string | undefined) => {
      if (value !== undefined) where.push(`${column} = $${params.push(value)}`);
    };
    narrow('a.task_set_id', query.taskSetId);
    narrow('t.record_id', query.recordId);
    narrow('a.person_id', query.personId);
    narrow('a.verdict', query.verdict);
    if (query.with) where.push(WITH[query.with]);
    return listPage<AnswerRow, AnswerRow>(this.dataSource, {
      select: COLUMNS,
      from: FROM,
      where,
      params,
      sortable: { createdAt: { sql: 'a.created_at', type: 'timestamptz' } },
      id: { sql: 'a.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  /** How far each person is with a set. */
  async people(actor: Actor, taskSetId: string): Promise<PersonProgress[]> {
    const [known] = await this.dataSource.query<unknown[]>('select from task_set where project_id = $1 and id = $2', [
      actor.projectId,
      taskSetId,
    ]);
    if (!known) throw notFound('task set', taskSetId);
    const people = await peopleOfTaskSet(this.dataSource, actor.projectId, taskSetId);
    const done = await this.dataSource.query<DoneBy[]>(DONE, [taskSetId]);
    return people.map(({ id, name, answered, waiting }) => {
      const mine = done.filter(({ personId }) => personId === id);
      return {
        ...{ id, name, answered, waiting },
        verdicts: Object.fromEntries(mine.map(({ verdict, answers }) => [verdict, answers])),
        confirmed: mine.reduce((sum, { confirmed }) => sum + confirmed, 0),
        lastAt: mine.map(({ lastAt }) => lastAt).reduce<string | null>((a, b) => (a === null || b > a ? b : a), null),
      };
    });
  }
}

interface DoneBy {
  personId: string;
  verdict: keyof PersonProgress['verdicts'];
  answers: number;
  confirmed: number;
  lastAt: string;
}

/** What was taken back counts for nothing. */
const DONE = `select a.person_id as "personId", a.verdict, count(*)::int as answers,
    count(*) filter (where ${WITH.facts})::int as confirmed,
    to_char(max(a.created_at) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "lastAt"
  from answer a where a.task_set_id = $1 and not 'undone' = any (a.flags) group by a.person_id, a.verdict`;
