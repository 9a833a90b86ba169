import type { RubricDimension } from '@qingnang/contracts';

const scale = { min: 1, max: 10, weight: 1 };

/** The dimensions of the reward labels, as the reference system names them (domain.md §2). */
export const defaultDimensions: readonly RubricDimension[] = [
  {
    key: 'correctness',
    name_zh: '准确性',
    name_en: 'Correctness',
    hint_zh: '判断、原因、建议与参考答复是否相符，有无错误或危险的说法',
    ...scale,
  },
  {
    key: 'richness',
    name_zh: '内容充实度',
    name_en: 'Richness',
    hint_zh: '是否把该说的说全、说具体、有条理；凑字数和重复不算充实',
    ...scale,
  },
  {
    key: 'consistency',
    name_zh: '一致性',
    name_en: 'Consistency',
    hint_zh: '是否切合患者的问题，前后是否矛盾，有无答非所问',
    ...scale,
  },
  {
    key: 'diagnosis',
    name_zh: '诊断能力',
    name_en: 'Diagnostic ability',
    hint_zh: '是否给出有依据的判断，或问出能定诊断的关键问题；只罗列各种可能、不作取舍的，不高于 4 分',
    ...scale,
  },
  {
    key: 'friendliness',
    name_zh: '亲切度',
    name_en: 'Friendliness',
    hint_zh: '语气是否耐心、尊重，患者是否听得懂',
    ...scale,
  },
];

/** How far a candidate agrees with the doctor's answer; no dimension, since it weighs what that answer is worth. */
export const AGREEMENT = 'agreement';
/** A rubric that lets references be graded measures agreement on this scale. */
export const agreementScale = { min: scale.min, max: scale.max };

/** Weighted mean of the dimensions, in points of the rubric, and of the agreement with a reference by its weight. */
export function rubricTotal(
  dimensions: readonly RubricDimension[],
  scores: Readonly<Record<string, number>>,
  referenceWeight = 0,
): number {
  const shares = [
    ...dimensions.map(({ key, weight }) => ({ key, weight })),
    { key: AGREEMENT, weight: referenceWeight },
  ];
  const weight = shares.reduce((sum, share) => sum + share.weight, 0);
  return shares.reduce((sum, share) => sum + share.weight * (scores[share.key] ?? 0), 0) / weight;
}

/** The dimensions in words, for the judge to read. */
export function rubricText(dimensions: readonly RubricDimension[]): string {
  return dimensions
    .map(({ key, name_zh, hint_zh, min, max }) => `- ${key}（${name_zh}，${min}–${max} 分）：${hint_zh}`)
    .join('\n');
}
