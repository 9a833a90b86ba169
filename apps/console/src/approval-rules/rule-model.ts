import type { ApprovalRuleSizes, CreateApprovalRule, RecordFilter, Role } from '@qingnang/contracts';
import { cleanFilter } from '../task-sets/task-set-model';

/** As the form holds it: the bar in per cent. */
export interface RuleForm {
  name?: string;
  filter?: RecordFilter;
  unpolished?: boolean;
  bar?: number | null;
  size?: number | null;
  checkSize?: number | null;
  seed?: number | null;
  roles?: Role[];
}

/** What a new rule proposes: none of 299 faulty says "at most 1 %". */
export const PROPOSED = { bar: 1, size: 299, checkSize: 50 };

const shareOf = (percent: number): number => Math.round(percent * 1e4) / 1e6;

/** What the sizes are asked for; null while the bar is none. */
export function sizesOf({ filter, unpolished, bar }: RuleForm): ApprovalRuleSizes | null {
  const share = shareOf(bar ?? 0);
  if (!(share >= 0.001 && share <= 0.5)) return null;
  return { filter: cleanFilter(filter), unpolished: unpolished ?? false, bar: share };
}

export function bodyOf(form: RuleForm): CreateApprovalRule {
  const { name = '', unpolished = false, seed, roles = ['annotator'] } = form;
  return {
    ...{ name, unpolished, roles },
    filter: cleanFilter(form.filter),
    bar: shareOf(form.bar ?? PROPOSED.bar),
    size: form.size ?? PROPOSED.size,
    checkSize: form.checkSize ?? 0,
    ...(seed === null || seed === undefined ? {} : { seed }),
  };
}
