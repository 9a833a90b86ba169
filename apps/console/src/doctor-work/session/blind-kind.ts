import { type BlindPairTask, type BlindVerdict, blindVerdict, type SubmitBlindPairReply } from '@qingnang/contracts';
import type { SittingKind, SittingState } from '../../sitting/sitting-kind';

export interface BlindWords {
  verdict: BlindVerdict | null;
  reason: string;
}

/** What was said since the page was opened, in order. */
export interface BlindTally {
  verdicts: readonly BlindVerdict[];
  skipped: number;
  seconds: number;
}

export type BlindState = SittingState<BlindPairTask, BlindWords, BlindTally, SubmitBlindPairReply>;

/** Two answers without names: which is better. */
export const blindKind: SittingKind<BlindPairTask, BlindWords, BlindVerdict, BlindTally, SubmitBlindPairReply> = {
  path: 'blind-pair',
  blank: () => ({ verdict: null, reason: '' }),
  restore: (body) => {
    const draft = body as { verdict?: unknown; reason?: unknown } | null;
    const verdict = blindVerdict.safeParse(draft?.verdict);
    const reason = typeof draft?.reason === 'string' ? draft.reason : '';
    return verdict.success || reason !== '' ? { verdict: verdict.data ?? null, reason } : null;
  },
  draft: (words) => ({ ...words }),
  submission: ({ reason }, verdict) => ({ verdict, reason }),
  noTally: { verdicts: [], skipped: 0, seconds: 0 },
  count: (tally, { verdict, seconds }) => ({
    ...tally,
    verdicts: [...tally.verdicts, verdict],
    seconds: tally.seconds + seconds,
  }),
  countSkipped: (tally) => ({ ...tally, skipped: tally.skipped + 1 }),
  answerOf: (reply) => reply?.answerId ?? null,
};
