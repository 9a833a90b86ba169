import type { CreateEvaluation, EvaluationState, EvaluationSummary } from '@qingnang/contracts';

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

export interface EvaluationForm {
  name: string;
  suiteId: string;
  modelA: string;
  modelB: string;
  /** `provider/model`; empty is the rehearsal judge. */
  judge: string;
}

/** What the form asks for; null while something is missing or both models are the same. */
export function evaluationBody(form: EvaluationForm, fallbackName: string): CreateEvaluation | null {
  const { suiteId, modelA, modelB, judge } = form;
  if (suiteId === '' || modelA === '' || modelB === '' || modelA === modelB) return null;
  const slash = judge.indexOf('/');
  const named = judge === '' ? {} : { judgeProviderId: judge.slice(0, slash), judgeModel: judge.slice(slash + 1) };
  const settings = { maxTokens: 128, temperature: 0.5 };
  return { name: (form.name.trim() || fallbackName).slice(0, 100), suiteId, modelA, modelB, ...named, ...settings };
}
