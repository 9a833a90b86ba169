import { describe, expect, it } from 'vitest';
import { compareFacts, findFacts } from './compare-facts.js';

const keys = (text: string, kind: string) =>
  findFacts(text)
    .filter((fact) => fact.kind === kind)
    .map((fact) => fact.key);
const difference = (original: string, polished: string) => {
  const { lost, added } = compareFacts(original, polished);
  return {
    lost: lost.map((fact) => `${fact.kind} ${fact.key}`),
    added: added.map((fact) => `${fact.kind} ${fact.key}`),
  };
};

describe('facts of a text', () => {
  it('reads numbers with units, Arabic and Chinese', () => {
    expect(keys('每天三次，每次０．５ｇ，连服3-5天，血压140/90mmHg', 'number')).toEqual([
      '3次',
      '0.5g',
      '3天',
      '5天',
      '140',
      '90mmhg',
    ]);
    expect(keys('一两天后复查，半片，二十五岁，百分之三十，两个月', 'number')).toEqual([
      '1天',
      '2天',
      '0.5片',
      '25岁',
      '30%',
      '2月',
    ]);
    expect(keys('1. 多喝水。2、休息。（3）复查：1.5片', 'number')).toEqual(['1.5片']);
    expect(keys('一般一定一样第一次', 'number')).toEqual([]);
  });

  it('reads diseases and drugs by name and by ending', () => {
    expect(keys('考虑慢性胃炎引起的，也可能是甲状旁腺腺瘤', 'disease')).toEqual(['慢性胃炎', '甲状旁腺腺瘤']);
    expect(keys('建议口服奥美拉唑肠溶胶囊，或者阿莫西林', 'drug')).toEqual(['奥美拉唑', '阿莫西林']);
    expect(keys('这种病是常见病，消炎治疗，因病情而定', 'disease')).toEqual([]);
    expect(keys('Take amoxicillin for tonsillitis', 'drug')).toEqual(['amoxicillin']);
    expect(keys('Take amoxicillin for tonsillitis', 'disease')).toEqual(['tonsillitis']);
  });

  it('keys negations and hedges by what they are about', () => {
    expect(keys('没有糖尿病，不要吃辛辣，不过不用担心', 'negation')).toEqual([
      'negation:糖尿病',
      'negation:辛辣',
      'negation:担心',
    ]);
    expect(keys('有没有发热？是不是胃炎？特别注意', 'negation')).toEqual([]);
    expect(keys('可能是胃炎，不排除胃溃疡', 'hedge')).toEqual(['hedge:胃炎', 'hedge:胃溃疡']);
  });

  it('takes a negation together with what it denies, also where that stands before', () => {
    const words = (text: string) =>
      findFacts(text)
        .filter((fact) => fact.kind === 'negation')
        .map((fact) => fact.text);
    expect(words('不要吃生的、凉的，没有糖尿病。')).toEqual(['不要吃生的', '没有糖尿病']);
    expect(words('孕妇禁用，哺乳期禁用。')).toEqual(['孕妇禁用', '乳期禁用']);
    expect(words('不能不吃早饭')).toHaveLength(2);
  });

  it('points at the words', () => {
    const text = '可能是胃炎，每天三次。多久了？';
    for (const fact of findFacts(text)) expect(text.slice(fact.start, fact.end)).toBe(fact.text);
  });
});

describe('comparing an original with its polish', () => {
  it('is silent when only the wording changed', () => {
    const original = '考虑是胃炎，吃奥美拉唑每天两次，不要吃辛辣，多久了？';
    const polished = '您好，从描述看考虑是胃炎。建议：\n1. 奥美拉唑，每天2次；\n2. 避免食用辛辣。\n请问您这样多久了？';
    expect(difference(original, polished)).toEqual({ lost: [], added: [] });
    expect(difference(original, original)).toEqual({ lost: [], added: [] });
  });

  it('reports a changed dose, an added drug and a dropped question', () => {
    expect(difference('每次1片，多久了？', '每次2片，可加用布洛芬。')).toEqual({
      lost: ['number 1片', 'question 多久了'],
      added: ['number 2片', 'drug 布洛芬'],
    });
  });

  it('reports a lost negation, a lost hedge and a sharper diagnosis', () => {
    expect(difference('没有糖尿病', '有糖尿病').lost).toEqual(['negation negation:糖尿病']);
    expect(difference('不要吃生的，不舒服就来。', '可以吃生的，不舒服就来。').lost).toEqual(['negation negation:生的']);
    expect(difference('孕妇禁用，哺乳期禁用', '孕妇可以使用，哺乳期禁用').lost).toEqual(['negation negation:孕妇']);
    expect(difference('可能是胃炎', '是胃炎').lost).toEqual(['hedge hedge:胃炎']);
    expect(difference('是胃炎', '是慢性胃炎').added).toEqual(['disease 慢性胃炎']);
  });
});
