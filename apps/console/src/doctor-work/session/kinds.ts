import type { RankingTask, ReferenceKind, ReferenceTask } from '@qingnang/contracts';
import { type Order, orderFrom, rankOf } from '../logic/ranking-order';
import type { SittingKind } from './sitting';

export interface ReferenceWords {
  kind: ReferenceKind;
  text: string;
  afterExposure: boolean;
}

const referenceKinds: readonly unknown[] = ['answer', 'ask_first', 'cannot_answer'] satisfies ReferenceKind[];

export const referenceSitting: SittingKind<ReferenceTask, ReferenceWords> = {
  path: 'reference',
  blank: () => ({ kind: 'answer', text: '', afterExposure: false }),
  restore: (body) => {
    const draft = body as Partial<ReferenceWords> | null;
    if (typeof draft?.text !== 'string') return null;
    const kind = referenceKinds.includes(draft.kind) ? draft.kind! : 'answer';
    return { kind, text: draft.text, afterExposure: draft.afterExposure === true };
  },
  submission: ({ kind, text, afterExposure }) => ({ kind, text, afterExposure }),
};

export interface RankingWords {
  order: Order;
  bad: readonly string[];
  reason: string;
}

const keysOf = (task: RankingTask): string[] => task.candidates.map((candidate) => candidate.key);

export const rankingSitting: SittingKind<RankingTask, RankingWords> = {
  path: 'ranking',
  blank: (task) => ({ order: task.aiRanks ? orderFrom(keysOf(task), task.aiRanks) : [], bad: [], reason: '' }),
  restore: (body, task) => {
    const draft = body as {
      order?: Order;
      bad?: string[];
      reason?: string;
      ranks?: { key: string; rank: number; bad?: boolean }[];
    };
    // What the server kept of a refused submission has ranks in place of an order.
    const order =
      draft?.order ??
      (draft?.ranks &&
        orderFrom(
          draft.ranks.map((one) => one.key),
          draft.ranks.map((one) => one.rank),
        ));
    const known = keysOf(task);
    if (!Array.isArray(order) || order.flat().some((key) => !known.includes(key))) return null;
    const bad = draft.bad ?? draft.ranks?.filter((one) => one.bad).map((one) => one.key) ?? [];
    return { order, bad, reason: draft.reason ?? '' };
  },
  submission: ({ order, bad, reason }) => ({
    ranks: order.flat().map((key) => ({ key, rank: rankOf(order, key), bad: bad.includes(key) })),
    reason,
  }),
};
