import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  ListReply,
  SuiteItemQuery,
  SuiteItemView,
  SuiteQuery,
  SuiteQuestion,
  SuiteView,
} from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { DomainError, hashBytes, notFound, uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { questionKeys } from './question-hashes.js';
import { SuiteItemEntity } from './suite-item.entity.js';
import { SuiteEntity } from './suite.entity.js';

const COLUMNS = `s.id, s.name, s.version, s.state, s.created_at as "createdAt",
  (select count(*)::int from suite_item i where i.suite_id = s.id) as items`;

/** Evaluation questions, versioned by name; frozen ones never change and bar their questions from training. */
@Injectable()
export class SuiteService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: SuiteQuery): Promise<ListReply<SuiteView>> {
    return listPage<SuiteView, SuiteView>(this.dataSource, {
      select: COLUMNS,
      from: 'suite s',
      where: ['s.project_id = $1', ...(query.state ? ['s.state = $2'] : [])],
      params: [actor.projectId, ...(query.state ? [query.state] : [])],
      sortable: {
        createdAt: { sql: 's.created_at', type: 'timestamptz' },
        name: { sql: 's.name', type: 'text' },
      },
      id: { sql: 's.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  async get(actor: Actor, id: string, db: Queryable = this.dataSource): Promise<SuiteView> {
    const [found] = await db.query<SuiteView[]>(
      `select ${COLUMNS} from suite s where s.project_id = $1 and s.id = $2`,
      [actor.projectId, id],
    );
    if (!found) throw notFound('suite', id);
    return found;
  }

  async items(actor: Actor, id: string, query: SuiteItemQuery): Promise<ListReply<SuiteItemView>> {
    await this.get(actor, id);
    return listPage<SuiteItemView, SuiteItemView>(this.dataSource, {
      select: 'i.id, i.n, i.messages, i.reference, i.department, i.category',
      from: 'suite_item i',
      where: ['i.suite_id = $1'],
      params: [id],
      sortable: { n: { sql: 'i.n', type: 'integer' } },
      id: { sql: 'i.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  /** A draft; under a name in use it is that suite's next version. @throws DomainError `suite.repeated_question` (422) */
  create(actor: Actor, name: string, questions: readonly SuiteQuestion[]): Promise<SuiteView> {
    const id = uuidv7();
    return this.dataSource.transaction(async (tx) => {
      const newest = await tx.maximum(SuiteEntity, 'version', { projectId: actor.projectId, name });
      await tx.insert(SuiteEntity, {
        id,
        projectId: actor.projectId,
        name,
        version: (newest ?? 0) + 1,
        createdBy: actor.personId,
      });
      await writeItems(tx, actor.projectId, id, questions);
      return this.finish(tx, actor, id, 'create');
    });
  }

  /** From here on no question changes (`suite.frozen`, 409, the second time), and freezing a snapshot leaves out training text that is too near them. */
  freeze(actor: Actor, id: string): Promise<SuiteView> {
    return this.dataSource.transaction(async (tx) => {
      await lockDraft(tx, actor, id);
      await tx.update(SuiteEntity, { id }, { state: 'frozen' });
      return this.finish(tx, actor, id, 'freeze');
    });
  }

  private async finish(tx: EntityManager, actor: Actor, id: string, what: string): Promise<SuiteView> {
    const suite = await this.get(actor, id, tx);
    await writeAudit(tx, actor, {
      action: `suite.${what}`,
      subjectType: 'suite',
      subjectId: id,
      after: { state: suite.state, items: suite.items, version: suite.version },
    });
    await notify(tx, actor.projectId, 'suites', id);
    return suite;
  }
}

async function lockDraft(tx: EntityManager, actor: Actor, id: string): Promise<void> {
  const suite = await tx.findOne(SuiteEntity, {
    where: { projectId: actor.projectId, id },
    lock: { mode: 'pessimistic_write' },
  });
  if (!suite) throw notFound('suite', id);
  if (suite.state === 'draft') return;
  throw new DomainError({
    code: 'suite.frozen',
    status: 409,
    detail: 'This suite is frozen: make a suite of the same name, which becomes its next version.',
  });
}

async function writeItems(
  tx: EntityManager,
  projectId: string,
  suiteId: string,
  questions: readonly SuiteQuestion[],
): Promise<void> {
  const seen = new Map<string, number>();
  const rows = questions.map((question, index) => {
    const { hash, signature } = questionKeys(question.messages);
    // Two dialogues may begin alike and go on differently.
    const whole = JSON.stringify(question.messages);
    if (seen.has(whole)) throw repeated(index, seen.get(whole)!);
    seen.set(whole, index);
    return { ...question, id: uuidv7(), projectId, suiteId, n: index + 1, questionHash: hashBytes(hash), signature };
  });
  for (let from = 0; from < rows.length; from += 200) {
    await tx.insert(SuiteItemEntity, rows.slice(from, from + 200) as object[]);
  }
}

function repeated(index: number, first: number): DomainError {
  return new DomainError({
    code: 'suite.repeated_question',
    status: 422,
    field: `questions.${index}`,
    detail: `Question ${index + 1} is the same as question ${first + 1}: leave one of them out.`,
  });
}
