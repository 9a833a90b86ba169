import type {
  AdjudicationTask,
  PolishRejectReason,
  SubmitAdjudication,
  SubmitAdjudicationReply,
  WeighedAnswer,
} from '@qingnang/contracts';
import { confirmedIn, factOf } from '../../polish-review/logic/confirmed-facts';
import { doctorTurns } from '../../polish-review/session/polish-kind';
import type { Sitting } from '../../sitting/sitting';
import type { SittingKind, SittingState } from '../../sitting/sitting-kind';

export interface AdjudicationVerdict {
  verdict: SubmitAdjudication['verdict'];
  reasonCode?: PolishRejectReason;
  answerIds?: string[];
  doctorId?: string | null;
}

export interface AdjudicationWords {
  /** What the words below began as: an answer's version, or what was shown. */
  baseVersionId: string;
  texts: Record<number, string>;
  again: Record<number, never>;
  confirmed: readonly string[];
  comment: string;
}

export interface AdjudicationTally {
  done: number;
  skipped: number;
  seconds: number;
}

export type AdjudicationState = SittingState<
  AdjudicationTask,
  AdjudicationWords,
  AdjudicationTally,
  SubmitAdjudicationReply
>;
export type AdjudicationDesk = Sitting<
  AdjudicationTask,
  AdjudicationWords,
  AdjudicationVerdict,
  AdjudicationTally,
  SubmitAdjudicationReply
>;

type Texts = Record<number, string>;

/** The doctor's turns as a version has them. */
function textsOf(task: AdjudicationTask, versionId: string): Texts {
  const shown = Object.fromEntries(doctorTurns(task).map(({ n, suggestion }) => [n, suggestion.text]));
  const answer = task.answers.find((each) => each.versionId === versionId);
  return { ...shown, ...Object.fromEntries((answer?.turns ?? []).map(({ n, text }) => [n, text])) };
}

/** The first answer that has words of its own, else what was shown. */
function firstBase(task: AdjudicationTask): string {
  return task.answers.find(({ versionId }) => versionId !== null)?.versionId ?? task.shownVersionId;
}

/** Goes on from an answer's words. */
export function takeAnswer(desk: AdjudicationDesk, { versionId }: Pick<WeighedAnswer, 'versionId'>): void {
  const { task } = desk.getState();
  if (task && versionId) desk.write({ baseVersionId: versionId, texts: textsOf(task, versionId) });
}

/** Turns that no longer read as the base has them. */
export function changedTurns(task: AdjudicationTask, words: AdjudicationWords): { n: number; text: string }[] {
  const base = textsOf(task, words.baseVersionId);
  return Object.entries(words.texts)
    .map(([n, text]) => ({ n: Number(n), text }))
    .filter(({ n, text }) => text.trim() !== base[n]?.trim());
}

interface Draft {
  baseVersionId?: unknown;
  turns?: unknown;
  comment?: unknown;
}

/** Decides where answers differ: takes one, writes another, gives it back, hands it on. */
export const adjudicationKind: SittingKind<
  AdjudicationTask,
  AdjudicationWords,
  AdjudicationVerdict,
  AdjudicationTally,
  SubmitAdjudicationReply
> = {
  path: 'adjudication',
  blank: (task) => {
    const baseVersionId = firstBase(task);
    const texts = textsOf(task, baseVersionId);
    return { baseVersionId, texts, again: {}, confirmed: confirmedIn(null, task), comment: '' };
  },
  restore: (body, task) => {
    const { baseVersionId: kept, turns, comment } = (body ?? {}) as Draft;
    const known = [task.shownVersionId, ...task.answers.map(({ versionId }) => versionId)];
    const baseVersionId = typeof kept === 'string' && known.includes(kept) ? kept : firstBase(task);
    const texts = textsOf(task, baseVersionId);
    for (const { n, text } of Array.isArray(turns) ? (turns as { n: number; text: string }[]) : []) {
      if (n in texts && typeof text === 'string') texts[n] = text;
    }
    const said = typeof comment === 'string' ? comment : '';
    return { baseVersionId, texts, again: {}, confirmed: confirmedIn(body, task), comment: said };
  },
  draft: ({ baseVersionId, texts, confirmed, comment }) => ({
    ...{ baseVersionId, comment },
    turns: Object.entries(texts).map(([n, text]) => ({ n: Number(n), text })),
    confirmed: confirmed.map(factOf),
  }),
  submission: (words, verdict, task) => ({
    ...verdict,
    baseVersionId: words.baseVersionId,
    turns: verdict.verdict === 'decide' ? changedTurns(task, words) : [],
    comment: words.comment.trim(),
    confirmed: words.confirmed.map(factOf),
  }),
  noTally: { done: 0, skipped: 0, seconds: 0 },
  count: (tally, { seconds }) => ({ ...tally, done: tally.done + 1, seconds: tally.seconds + seconds }),
  countSkipped: (tally) => ({ ...tally, skipped: tally.skipped + 1 }),
  answerOf: (reply) => reply?.answerId ?? null,
};
