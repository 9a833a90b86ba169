import type {
  HeldSlot,
  RankingTask,
  ReferenceKind,
  ReferenceTask,
  SubmitRankingReply,
  SubmitReferenceReply,
} from '@qingnang/contracts';
import type { Sitting } from '../../sitting/sitting';
import type { SittingKind, SittingState } from '../../sitting/sitting-kind';
import { type Order, orderFrom, rankOf } from '../logic/ranking-order';

/** What a doctor did since the page was opened. */
export interface DoctorTally<Reply> {
  done: readonly Partial<Reply>[];
  skipped: number;
  seconds: number;
}

export type DoctorKind<Task extends { slot: HeldSlot }, Words extends object, Reply> = SittingKind<
  Task,
  Words,
  null,
  DoctorTally<Reply>,
  Reply
>;
export type DoctorSitting<
  Task extends { slot: HeldSlot },
  Words extends object,
  Reply extends { next: Task | null },
> = Sitting<Task, Words, null, DoctorTally<Reply>, Reply>;
export type DoctorState<Task, Words, Reply> = SittingState<Task, Words, DoctorTally<Reply>, Reply>;

/** Seconds a question takes before anybody has answered one. */
export const FIRST_GUESS = { reference: 90, ranking: 45 };

/** How questions are counted, whatever is asked. */
export function counting<Reply extends { answerId: string }>() {
  return {
    noTally: { done: [], skipped: 0, seconds: 0 } as DoctorTally<Reply>,
    count: (tally: DoctorTally<Reply>, act: { reply: Partial<Reply>; seconds: number }): DoctorTally<Reply> => ({
      ...tally,
      done: [...tally.done, act.reply],
      seconds: tally.seconds + act.seconds,
    }),
    countSkipped: (tally: DoctorTally<Reply>): DoctorTally<Reply> => ({ ...tally, skipped: tally.skipped + 1 }),
    answerOf: (reply: Partial<Reply> | null) => reply?.answerId ?? null,
    draft: (words: object): Record<string, unknown> => ({ ...words }),
  };
}

export interface ReferenceWords {
  kind: ReferenceKind;
  text: string;
  afterExposure: boolean;
}

const referenceKinds: readonly unknown[] = ['answer', 'ask_first', 'cannot_answer'] satisfies ReferenceKind[];

export const referenceKind: DoctorKind<ReferenceTask, ReferenceWords, SubmitReferenceReply> = {
  ...counting<SubmitReferenceReply>(),
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

const lettersOf = (task: RankingTask): string[] => task.candidates.map((candidate) => candidate.key);

export const rankingKind: DoctorKind<RankingTask, RankingWords, SubmitRankingReply> = {
  ...counting<SubmitRankingReply>(),
  path: 'ranking',
  blank: (task) => ({ order: task.aiRanks ? orderFrom(lettersOf(task), task.aiRanks) : [], bad: [], reason: '' }),
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
    const known = lettersOf(task);
    if (!Array.isArray(order) || order.flat().some((key) => !known.includes(key))) return null;
    const bad = draft.bad ?? draft.ranks?.filter((one) => one.bad).map((one) => one.key) ?? [];
    return { order, bad, reason: draft.reason ?? '' };
  },
  submission: ({ order, bad, reason }) => ({
    ranks: order.flat().map((key) => ({ key, rank: rankOf(order, key), bad: bad.includes(key) })),
    reason,
  }),
};
