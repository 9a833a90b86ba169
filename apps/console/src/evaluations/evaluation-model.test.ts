import { expect, it } from 'vitest';
import { createEvaluation } from '@qingnang/contracts';
import { barOf, evaluationBody } from './evaluation-model';

const [one, two] = ['01890000-0000-7000-8000-000000000000', '01890000-0000-7000-8000-000000000001'];

it('asks for two different models on a suite, with a judge by provider and name', () => {
  const form = { name: '', suiteId: one, modelA: one, modelB: two, judge: `${two}/org/judge-1` };
  const body = evaluationBody(form, '甲 对 乙')!;
  expect(createEvaluation.safeParse(body).success).toBe(true);
  expect(body).toMatchObject({ name: '甲 对 乙', judgeProviderId: two, judgeModel: 'org/judge-1' });
  expect(evaluationBody({ ...form, modelB: one }, 'x')).toBeNull();
  expect(evaluationBody({ ...form, judge: '' }, 'x')).not.toHaveProperty('judgeModel');
});

it('draws the bar over what was judged', () => {
  expect(barOf({ win: 3, tie: 1, loss: 0 })).toEqual({ win: 75, tie: 25, loss: 0 });
  expect(barOf({ win: 0, tie: 0, loss: 0 })).toEqual({ win: 0, tie: 0, loss: 0 });
});
