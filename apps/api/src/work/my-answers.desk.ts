import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor, AnswerSaid, ListReply, MyAnswer, MyAnswerQuery } from '@qingnang/contracts';
import { saidOfPairs } from '@qingnang/evaluation';
import { saidByDoctors } from '@qingnang/preference';
import { type AnswerLine, UNDO_MINUTES, WorkService } from '@qingnang/review';
import { inSnapshots } from '@qingnang/snapshot';

const NOTHING: AnswerSaid = { lines: [], use: null };

/** What a person did, with what it says and whether it can still be put right: each kind's own library knows. */
@Injectable()
export class MyAnswersDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly work: WorkService,
  ) {}

  async list(actor: Actor, query: MyAnswerQuery): Promise<ListReply<MyAnswer>> {
    const page = await this.work.answers(actor, query);
    const ids = page.items.flatMap(({ resultId }) => resultId ?? []);
    const [byDoctors, ofPairs, frozen] = await Promise.all([
      saidByDoctors(this.dataSource, actor.projectId, ids),
      saidOfPairs(this.dataSource, actor.projectId, ids),
      inSnapshots(this.dataSource, actor.projectId, ids),
    ]);
    const items = page.items.map((line) => {
      const { stands, ...answer } = line;
      const resultId = line.resultId ?? '';
      const said = byDoctors.get(resultId) ?? ofPairs.get(resultId) ?? NOTHING;
      const used = said.use ?? (frozen.has(resultId) ? 'snapshot' : lateness(line));
      const use = used ?? (stands ? null : 'closed');
      return { ...answer, said: { ...said, use } };
    });
    return { ...page, items };
  }
}

/** A review decides about a record, and others go on from it at once. */
function lateness({ kind, createdAt }: AnswerLine): 'late' | null {
  const age = Date.now() - new Date(createdAt).getTime();
  return kind === 'polish_review' && age > UNDO_MINUTES * 60_000 ? 'late' : null;
}
