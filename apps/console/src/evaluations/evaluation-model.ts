import {
  type CreateEvaluation,
  type EvaluationState,
  type EvaluationSummary,
  type NewEntrant,
  type NewJudge,
  type UploadedAnswer,
  uploadedAnswer,
} from '@qingnang/contracts';

/** Answering and judging are both "running" to a reader of lists. */
export function shownState(state: EvaluationState): string {
  return state === 'answering' || state === 'judging' ? 'running' : state;
}

export const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Widths of the bar's parts, in percent of the questions judged; all 0 where none was. */
export function barOf({ win, tie, loss }: Pick<EvaluationSummary, 'win' | 'tie' | 'loss'>) {
  const judged = win + tie + loss;
  const part = (n: number) => (judged === 0 ? 0 : (100 * n) / judged);
  return { win: part(win), tie: part(tie), loss: part(loss) };
}

/** A line of the form: what it asks for, and what it is called there. */
export interface Chosen<T> {
  label: string;
  value: T;
}

export interface EvaluationForm {
  name: string;
  suiteId: string;
  entrants: Chosen<NewEntrant>[];
  /** Number of the entrant all others are compared with; 0 compares each with each. */
  baseline: number;
  judges: Chosen<Extract<NewJudge, { kind: 'model' }>>[];
  doctors: boolean;
  overlap: number;
  deadline: string;
}

export const emptyForm: EvaluationForm = {
  name: '',
  suiteId: '',
  entrants: [],
  baseline: 0,
  judges: [],
  doctors: false,
  overlap: 1,
  deadline: '',
};

export function nameOf({ entrants }: EvaluationForm): string {
  return entrants.map(({ label }) => label).join(' · ');
}

/** What the form asks for; null while something is missing. */
export function evaluationBody(form: EvaluationForm): CreateEvaluation | null {
  const { suiteId, entrants, baseline, judges, doctors, overlap, deadline } = form;
  if (suiteId === '' || entrants.length < 2 || (judges.length === 0 && !doctors)) return null;
  const asked: NewJudge[] = judges.map(({ value }) => value);
  if (doctors) asked.push({ kind: 'doctors', overlap, departments: [], deadline: deadline || null });
  return {
    name: (form.name.trim() || nameOf(form)).slice(0, 100),
    suiteId,
    entrants: entrants.map(({ value }) => value),
    baseline: baseline === 0 ? null : baseline,
    judges: asked,
    maxTokens: 128,
    temperature: 0.5,
  };
}

/** Pairs of entrants that are compared. */
export function pairsOf({ entrants, baseline }: Pick<EvaluationForm, 'entrants' | 'baseline'>): number {
  const n = entrants.length;
  return baseline === 0 ? (n * (n - 1)) / 2 : Math.max(0, n - 1);
}

export type ReadAnswers = { answers: UploadedAnswer[] } | { line: number; fault: 'not_json' | 'shape' | 'twice' };

/**
 * Answers of a file of JSON Lines: `{"n": 1, "answer": "…"}`, or `turns` of patient and doctor for a dialogue; `n` is the
 * question's number in the suite. The first faulty line is named.
 */
export function readAnswers(text: string): ReadAnswers {
  const answers: UploadedAnswer[] = [];
  const seen = new Set<number>();
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue;
    const answer = readLine(line);
    if (typeof answer === 'string') return { line: index + 1, fault: answer };
    if (seen.has(answer.n)) return { line: index + 1, fault: 'twice' };
    seen.add(answer.n);
    answers.push(answer);
  }
  return answers.length === 0 ? { line: 1, fault: 'shape' } : { answers };
}

function readLine(line: string): UploadedAnswer | 'not_json' | 'shape' {
  let row: { n?: unknown; answer?: unknown; turns?: unknown } | null;
  try {
    row = JSON.parse(line) as typeof row;
  } catch {
    return 'not_json';
  }
  const turns = row?.turns ?? [{ role: 'doctor', text: row?.answer }];
  const parsed = uploadedAnswer.safeParse({ n: row?.n, turns });
  return parsed.success ? parsed.data : 'shape';
}
