import type { PolishRejectReason, PolishTask, SubmitPolish, SubmitPolishReply } from '@qingnang/contracts';
import type { SittingKind, SittingState } from '../../sitting/sitting-kind';
import { confirmedIn, factOf } from '../logic/confirmed-facts';

export interface PolishVerdict {
  verdict: SubmitPolish['verdict'];
  reasonCode?: PolishRejectReason;
}

export interface PolishWords {
  /** The doctor's turns as they read now, by `n`. */
  texts: Record<number, string>;
  /** Suggestions asked for anew, by `n`. */
  again: Record<number, { text: string; rehearsal: boolean }>;
  /** The calls that made them. */
  callIds: readonly string[];
  /** Facts that the person says are right, by turn and id: nobody is asked twice about one. */
  confirmed: readonly string[];
  /** Of a rejection or a question; typed once, it is there until it goes in. */
  comment: string;
}

/** What was done since the page was opened. */
export interface Tally {
  accept: number;
  edit: number;
  reject: number;
  ask_doctor: number;
  skipped: number;
  seconds: number;
}

export type DeskState = SittingState<PolishTask, PolishWords, Tally, SubmitPolishReply>;

/** What the walk over differences needs of a task, whatever its kind. */
export type Reviewed = Pick<PolishTask, 'turns' | 'quietKinds'>;

export function doctorTurns(task: Pick<Reviewed, 'turns'>): PolishTask['turns'] {
  return task.turns.filter((turn) => turn.role === 'doctor');
}

/** The doctor's turns whose words are no longer the suggestion's. */
export function editedTurns({ task, words }: Pick<DeskState, 'task' | 'words'>): { n: number; text: string }[] {
  if (!task || !words) return [];
  return doctorTurns(task).flatMap(({ n, suggestion }) => {
    const text = words.texts[n] ?? suggestion.text;
    return text.trim() === suggestion.text.trim() ? [] : [{ n, text }];
  });
}

/** Texts by turn of whatever a draft holds; null where it holds none. Drafts made of a submission have more in them. */
function turnsOf(body: unknown): { n: number; text: string }[] | null {
  const turns = (body as { turns?: { n: number; text: string }[] } | null)?.turns;
  return Array.isArray(turns) ? turns.filter((turn) => typeof turn?.text === 'string') : null;
}

const suggested = (task: PolishTask): Record<number, string> =>
  Object.fromEntries(doctorTurns(task).map(({ n, suggestion }) => [n, suggestion.text]));

/** Review of a polish: accept it, edit it, send it back, ask a doctor. */
export const polishKind: SittingKind<PolishTask, PolishWords, PolishVerdict, Tally, SubmitPolishReply> = {
  path: 'polish',
  blank: (task) => ({
    texts: suggested(task),
    again: {},
    callIds: [],
    confirmed: confirmedIn(null, task),
    comment: '',
  }),
  restore: (body, task) => {
    const turns = turnsOf(body);
    if (!turns) return null;
    const texts = suggested(task);
    for (const { n, text } of turns) if (n in texts) texts[n] = text;
    const { comment } = body as { comment?: unknown };
    const said = typeof comment === 'string' ? comment : '';
    return { texts, again: {}, callIds: [], confirmed: confirmedIn(body, task), comment: said };
  },
  draft: ({ texts, confirmed, comment }) => ({
    turns: Object.entries(texts).map(([n, text]) => ({ n: Number(n), text })),
    ...(comment === '' ? {} : { comment }),
    ...(confirmed.length > 0 ? { confirmed: confirmed.map(factOf) } : {}),
  }),
  submission: (words, { verdict, reasonCode }, task) => ({
    baseVersionId: task.slot.shownVersionId!,
    verdict,
    turns: verdict === 'edit' ? editedTurns({ task, words }) : [],
    ...(reasonCode ? { reasonCode } : {}),
    // Said with a verdict that asks for it; an edit speaks for itself.
    comment: verdict === 'reject' || verdict === 'ask_doctor' ? words.comment.trim() : '',
    llmCallIds: words.callIds,
    confirmed: words.confirmed.map(factOf),
  }),
  noTally: { accept: 0, edit: 0, reject: 0, ask_doctor: 0, skipped: 0, seconds: 0 },
  count: (tally, { verdict: { verdict }, seconds }) => ({
    ...tally,
    [verdict]: tally[verdict] + 1,
    seconds: tally.seconds + seconds,
  }),
  countSkipped: (tally) => ({ ...tally, skipped: tally.skipped + 1 }),
  answerOf: (reply) => reply?.answerId ?? null,
};
