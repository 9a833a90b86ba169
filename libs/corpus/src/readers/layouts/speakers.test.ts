import type { PlainTurn } from '@qingnang/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowRefused } from '../cutting/raw-row.js';
import { splitSpeakers } from './speakers.js';

const turns = (ask: string, answer: string): PlainTurn[] => [
  { role: 'patient', text: ask },
  { role: 'doctor', text: answer },
];
const spoken = (ask: string, answer = ''): string[] =>
  (splitSpeakers(turns(ask, answer)) ?? turns(ask, answer))
    .filter((turn) => turn.text !== '')
    .map((turn) => `${turn.role[0]}:${turn.text}`);

describe('marks of speakers', () => {
  it.each<[string, string, string[]]>([
    ['<user>: 咳嗽 <bot>: 有痰吗？ <user>: 有', '拍胸片', ['p:咳嗽', 'd:有痰吗？', 'p:有', 'd:拍胸片']],
    ['<s>问：\n咳嗽\n答：\n', '拍胸片', ['p:咳嗽', 'd:拍胸片']],
    ['病人：咳嗽\\n医生：有痰吗？\\n病人：有', '拍胸片', ['p:咳嗽', 'd:有痰吗？', 'p:有', 'd:拍胸片']],
    ['咳嗽两周\n医生：有痰吗？\n病人：有', '拍胸片', ['p:咳嗽两周', 'd:有痰吗？', 'p:有', 'd:拍胸片']],
    ['医生：您好\n病人：咳嗽', '拍胸片', ['d:您好', 'p:咳嗽', 'd:拍胸片']],
    ['问：咳嗽', '答：拍胸片', ['p:咳嗽', 'd:拍胸片']],
    ['咳嗽', '答：拍胸片', ['p:咳嗽', 'd:拍胸片']],
    ['Q: cough', 'A: rest', ['p:cough', 'd:rest']],
    ['<s>咳嗽</s>', '休息', ['p:咳嗽', 'd:休息']],
  ])('split %j', (ask, answer, wanted) => expect(spoken(ask, answer)).toEqual(wanted));

  it.each([
    ['患者:男，37岁，腰痛', '建议检查'],
    ['医生：您好，我头痛', '多休息'],
    ['头痛三天\n问：怎么办', '多休息'],
    ['选哪个？\nA：阿司匹林\nB：布洛芬', '都不选'],
    ['病史：高血压\n过敏史：无', '诊断：感冒'],
  ])('leave %j as it is', (ask, answer) => expect(splitSpeakers(turns(ask, answer))).toBeNull());

  it.each([
    ['问：头痛\n答：休息\n答：喝水', '好'],
    ['问：头痛\n答：休息', '多喝水'],
    ['答：休息', ''],
    ['头痛', '问：多久了'],
    ['头痛', '休息\n病人：谢谢'],
    ['<s>头痛</s>发热<s>', '休息'],
    ['以下是对话\n病人：头痛\n医生：休息', '多喝水'],
  ])('refuse %j', (ask, answer) => expect(() => splitSpeakers(turns(ask, answer))).toThrow(RowRefused));

  it('never leave a mark, nor change a word, in any dialogue that is written in one text', () => {
    const words = fc
      .string({ unit: fc.constantFrom(...'咳嗽发热，。3 ab'), minLength: 1, maxLength: 8 })
      .filter((text) => text.trim() !== '');
    const style = fc.constantFrom(
      ['问：', '答：', '\n'],
      ['病人：', '医生：', '\\n'],
      ['<user>: ', '<bot>: ', ' '],
      ['患者:', '医生:', '\n'],
    );
    fc.assert(
      fc.property(fc.array(words, { minLength: 2, maxLength: 6 }), style, (said, [patient, doctor, between]) => {
        const text = said.map((each, index) => (index % 2 === 0 ? patient : doctor)! + each).join(between);
        const wanted = said.map((each, index) => `${index % 2 === 0 ? 'p' : 'd'}:${each.trim()}`);
        expect(spoken(text)).toEqual(wanted);
      }),
    );
  });
});
