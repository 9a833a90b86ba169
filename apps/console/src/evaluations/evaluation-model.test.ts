import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEvaluation } from '@qingnang/contracts';
import { barOf, emptyForm, evaluationBody, type EvaluationForm, pairsOf, readAnswers } from './evaluation-model';

const [one, two] = ['01890000-0000-7000-8000-000000000000', '01890000-0000-7000-8000-000000000001'];
const model = (id: string, label: string) => ({ label, value: { kind: 'model' as const, modelId: id } });
const judge = { label: 'j', value: { kind: 'model' as const, providerId: one, model: 'org/judge-1' } };

it('asks for two entrants or more on a suite, and for a judge', () => {
  const form: EvaluationForm = { ...emptyForm, suiteId: one, entrants: [model(one, '甲'), model(two, '乙')] };
  expect(evaluationBody(form)).toBeNull();
  const body = evaluationBody({ ...form, judges: [judge], doctors: true, deadline: '2026-12-31' })!;
  expect(createEvaluation.safeParse(body).success).toBe(true);
  expect(body).toMatchObject({ name: '甲 · 乙', baseline: null });
  expect(body.judges).toEqual([judge.value, { kind: 'doctors', overlap: 1, departments: [], deadline: '2026-12-31' }]);
  expect(evaluationBody({ ...form, entrants: form.entrants.slice(1), doctors: true })).toBeNull();
});

it('counts the pairs: each with each, or all with one', () => {
  const entrants = [model(one, '甲'), model(two, '乙'), model(one, '丙')];
  expect(pairsOf({ entrants, baseline: 0 })).toBe(3);
  expect(pairsOf({ entrants, baseline: 2 })).toBe(2);
});

it('reads answers a line each, and names the line that is none', () => {
  expect(
    readAnswers('\uFEFF{"n":1,"answer":"多喝水"}\r\n\n{"n":2,"turns":[{"role":"doctor","text":"发烧吗"}]}\n'),
  ).toEqual({
    answers: [
      { n: 1, turns: [{ role: 'doctor', text: '多喝水' }] },
      { n: 2, turns: [{ role: 'doctor', text: '发烧吗' }] },
    ],
  });
  expect(readAnswers('{"n":1,"answer":"a"}\nnot json')).toEqual({ line: 2, fault: 'not_json' });
  expect(readAnswers('{"n":1,"answer":"a"}\n{"n":1,"answer":"b"}')).toEqual({ line: 2, fault: 'twice' });
  expect(readAnswers('{"n":1,"turns":[{"role":"patient","text":"疼"}]}')).toEqual({ line: 1, fault: 'shape' });
  expect(readAnswers('null')).toEqual({ line: 1, fault: 'shape' });
  expect(readAnswers('')).toEqual({ line: 1, fault: 'shape' });
});

it('reads any file to answers or to a line', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const read = readAnswers(text);
      expect('answers' in read || read.line > 0).toBe(true);
    }),
  );
});

it('draws the bar over what was judged', () => {
  expect(barOf({ win: 3, tie: 1, loss: 0 })).toEqual({ win: 75, tie: 25, loss: 0 });
  expect(barOf({ win: 0, tie: 0, loss: 0 })).toEqual({ win: 0, tie: 0, loss: 0 });
});
