import type { CreateSuite, SuiteQuestion } from '@qingnang/contracts';

/** Short questions of everyday medicine, written for this page. */
export const tenQuestions = [
  '头痛两天了，吃点什么药好？',
  '孩子发烧三十九度，要不要马上去医院？',
  '血压一百五，平时要注意什么？',
  '咳嗽一周，痰是黄色的，怎么回事？',
  '最近总是失眠，有什么办法？',
  '胃痛，吃完饭更厉害，是胃炎吗？',
  '腰痛，弯腰就疼，要做什么检查？',
  '皮肤上起了红疹，很痒，怎么办？',
  '体检说血糖偏高，算糖尿病吗？',
  '怀孕三个月感冒了，能吃药吗？',
];

/** One question a line; empty lines and repetitions are passed over. */
export function questionsOf(text: string): SuiteQuestion[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return [...new Set(lines)].map((content) => ({
    messages: [{ role: 'user', content }],
    reference: null,
    department: null,
    category: null,
  }));
}

export interface SuiteForm {
  name: string;
  from: 'snapshot' | 'text';
  text: string;
  snapshotId: string;
  split: 'validation' | 'test';
  /** As typed. */
  count: string;
}

export const emptySuite: SuiteForm = {
  name: '',
  from: 'snapshot',
  text: '',
  snapshotId: '',
  split: 'test',
  count: '10',
};

/** What the form asks for; null while something is missing. */
export function suiteBody({ name, from, text, snapshotId, split, count }: SuiteForm): CreateSuite | null {
  if (name.trim() === '') return null;
  if (from === 'text') {
    const questions = questionsOf(text);
    return questions.length === 0 ? null : { name: name.trim(), questions };
  }
  const wanted = Number(count);
  if (snapshotId === '' || !Number.isInteger(wanted) || wanted < 1 || wanted > 1000) return null;
  return { name: name.trim(), fromSnapshot: { snapshotId, split, count: wanted, seed: 1 } };
}
