import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  ListReply,
  ReferenceQuery,
  ReferenceSummary,
  ReferenceView,
  ReviseReference,
} from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { notFound, staleRevision } from '@qingnang/kernel';
import { answerUsed } from '@qingnang/review';
import { ofRecordInUse, PROMPT_QUESTION } from '../prompts/prompt-sql.js';
import { isJudgedBy } from '../said-by-doctors.js';
import type { IsInSnapshot } from '../take-back.service.js';
import { isExposed } from './exposure.js';
import { referenceExposed, referenceTextMissing } from './reference.errors.js';
import { REFERENCE_COLUMNS, REFERENCE_GRADE, REFERENCE_IN_FORCE } from './reference-sql.js';
import { readReference, writeReference } from './write-reference.js';

/** Doctors' answers, as they stand; a doctor may write a further revision of the own one. */
@Injectable()
export class ReferenceService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: ReferenceQuery): Promise<ListReply<ReferenceSummary>> {
    const params: unknown[] = [actor.projectId];
    const where = ['f.project_id = $1'];
    where.push(query.promptId ? `f.prompt_id = $${params.push(query.promptId)}` : ofRecordInUse('f.prompt_id'));
    if (query.kind) where.push(`f.kind = $${params.push(query.kind)}`);
    if (query.grade) where.push(`${REFERENCE_GRADE} = $${params.push(query.grade)}`);
    return listPage<ReferenceSummary, ReferenceSummary>(this.dataSource, {
      select: `${REFERENCE_COLUMNS}, ${PROMPT_QUESTION} as question`,
      from: `${REFERENCE_IN_FORCE} join prompt p on p.id = f.prompt_id join version v on v.id = p.version_id`,
      where,
      params,
      sortable: { createdAt: { sql: 'f.created_at', type: 'timestamptz' } },
      id: { sql: 'f.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  get(actor: Actor, id: string): Promise<ReferenceView> {
    return readReference(this.dataSource, actor.projectId, id);
  }

  /** The doctor's own; 404 for anybody else's. */
  async own(actor: Actor, id: string): Promise<ReferenceView> {
    const reference = await this.get(actor, id);
    if (reference.doctor?.id !== actor.personId) throw notFound('reference', id);
    return reference;
  }

  /**
   * A further revision by the same doctor; earlier ones stay as they are.
   * @throws `revision.stale` (412), `answer.used`, `reference.exposed` (409), `reference.text_missing` (422)
   */
  revise(
    actor: Actor,
    id: string,
    revision: number,
    input: ReviseReference,
    isInSnapshot: IsInSnapshot = async () => false,
  ): Promise<ReferenceView> {
    return this.dataSource.transaction(async (tx) => {
      const [before]: { promptId: string; recordId: string; newest: number; newestId: string }[] = await tx.query(
        `select f.prompt_id as "promptId", p.record_id as "recordId",
           newest.revision as newest, newest.id as "newestId"
         from reference f join prompt p on p.id = f.prompt_id
           join lateral (select o.id, o.revision from reference o where o.prompt_id = f.prompt_id
             and o.doctor_id = f.doctor_id and not o.undone order by o.revision desc limit 1) newest on true
         where f.project_id = $1 and f.id = $2 and f.doctor_id = $3 and not f.undone for update of p`,
        [actor.projectId, id, actor.personId],
      );
      if (!before) throw notFound('reference', id);
      if (before.newest !== revision) throw staleRevision('reference', before.newest);
      if (await isJudgedBy(tx, before.newestId)) throw answerUsed('judged');
      if (await isInSnapshot(tx, { id: before.newestId })) throw answerUsed('snapshot');
      if (input.kind !== 'cannot_answer' && input.text === '') throw referenceTextMissing();
      const exposed = await isExposed(tx, actor, before.recordId);
      if (exposed && !input.afterExposure) throw referenceExposed(before.recordId);
      const written = await writeReference(tx, actor, { ...before, ...input });
      await writeAudit(tx, actor, {
        action: 'reference.revise',
        subjectType: 'reference',
        subjectId: written.id,
        before: { id, revision },
        after: { revision: written.revision, kind: written.kind, afterExposure: written.afterExposure },
      });
      return written;
    });
  }
}
