import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  ListReply,
  MadePrompts,
  MakePrompts,
  PromptDetail,
  PromptQuery,
  PromptSummary,
} from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { makePrompts } from './make-prompts.js';
import { readPromptDetail } from './prompt-detail.js';
import { PROMPT_COLUMNS } from './prompt-head.js';
import { PROMPT_FROM, PROMPT_QUESTION, promptFilterSql } from './prompt-sql.js';

const SUMMARY_COLUMNS = `${PROMPT_COLUMNS}, ${PROMPT_QUESTION} as question,
  (select count(*)::int from jsonb_array_elements(v.turns) t where (t ->> 'n')::int <= p.turn_n) as "turnCount",
  (select count(*)::int from reference f where f.prompt_id = p.id and not f.undone) as references,
  (select count(*)::int from candidate c where c.prompt_id = p.id) as candidates,
  (select count(*)::int from judgement j where j.prompt_id = p.id and not j.undone) as judgements`;

/** Questions that models and doctors answer. */
@Injectable()
export class PromptService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: PromptQuery): Promise<ListReply<PromptSummary>> {
    const params: unknown[] = [actor.projectId];
    return listPage<PromptSummary, PromptSummary>(this.dataSource, {
      select: SUMMARY_COLUMNS,
      from: PROMPT_FROM,
      where: ['p.project_id = $1', promptFilterSql(query, params)],
      params,
      sortable: { createdAt: { sql: 'p.created_at', type: 'timestamptz' } },
      id: { sql: 'p.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  get(actor: Actor, id: string): Promise<PromptDetail> {
    return readPromptDetail(this.dataSource, actor.projectId, id);
  }

  make(actor: Actor, input: MakePrompts): Promise<MadePrompts> {
    return this.dataSource.transaction(async (tx) => {
      const made = await makePrompts(tx, actor, input);
      // One act over many prompts; it gets a name of its own.
      const actId = uuidv7();
      await notify(tx, actor.projectId, 'prompts', actId);
      await writeAudit(tx, actor, {
        action: 'prompt.make',
        subjectType: 'prompt',
        subjectId: actId,
        after: { ...made, turns: input.turns },
      });
      return made;
    });
  }
}
