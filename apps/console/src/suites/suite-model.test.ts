import { expect, it } from 'vitest';
import { createSuite } from '@qingnang/contracts';
import { emptySuite, questionsOf, suiteBody, tenQuestions } from './suite-model';

it('takes one question a line, each once', () => {
  expect(questionsOf(' 头痛\n\n咳嗽\r\n头痛 ').map(({ messages }) => messages[0]!.content)).toEqual(['头痛', '咳嗽']);
  expect(new Set(tenQuestions).size).toBe(10);
});

it('asks for what the API takes, and for nothing half filled in', () => {
  const id = '01890000-0000-7000-8000-000000000000';
  expect(suiteBody(emptySuite)).toBeNull();
  expect(suiteBody({ ...emptySuite, name: '十问' })).toBeNull();
  expect(suiteBody({ ...emptySuite, name: '十问', snapshotId: id, count: '0' })).toBeNull();
  for (const form of [
    { ...emptySuite, name: '十问', snapshotId: id },
    { ...emptySuite, name: '十问', from: 'text' as const, text: tenQuestions.join('\n') },
  ]) {
    expect(createSuite.safeParse(suiteBody(form)).success).toBe(true);
  }
});
