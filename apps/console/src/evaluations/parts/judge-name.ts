import type { JudgeView } from '@qingnang/contracts';

/** A model goes by its name; doctors are named one by one below. */
export function judgeName(judge: Pick<JudgeView, 'kind' | 'model'>, translate: (key: string) => string): string {
  return judge.model ?? translate('resources.evaluations.doctors');
}
