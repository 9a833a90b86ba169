import { createRandom } from '@qingnang/kernel';
import type { SpokenTurn } from '@qingnang/llm';
import { describe, expect, it } from 'vitest';
import { departments } from '../knowledge/topic.js';
import { findTopic, topics } from '../knowledge/topics.js';
import { doctorMaterial, GOODBYE, patientMaterial } from '../protocol.js';
import { classify } from './classify-rule.js';
import { doctorReply } from './doctor-rule.js';
import { instructTriplets } from './instruct-rule.js';
import { patientReply } from './patient-rule.js';

const MEDICAL_CASE =
  '疾病：\n失眠\n病情描述：\n失眠两个月，入睡困难。白天乏力！没有吃药\n希望获得的帮助：\n如何改善？\n过敏史：\n无';

function talk(material: Record<string, unknown>, rounds: number): SpokenTurn[] {
  const turns: SpokenTurn[] = [];
  for (let round = 0; round < rounds; round++) {
    const random = createRandom(round);
    turns.push({ role: 'patient', text: patientReply(patientMaterial.parse({ ...material, turns }), random) });
    const doctor = doctorMaterial.parse({ diagnosis: '失眠症', department: '神经内科', turns });
    turns.push({ role: 'doctor', text: doctorReply(doctor, random) });
  }
  return turns;
}

describe('a dialogue of the two roles', () => {
  it('begins with a few words, adds from the case and ends in goodbye', () => {
    const said = talk({ case: MEDICAL_CASE }, 4).filter((turn) => turn.role === 'patient');
    expect(said[0]!.text.length).toBeLessThan(25);
    expect(said[1]!.text).toContain('两个月');
    expect(said.map((turn) => GOODBYE.test(turn.text))).toEqual([false, false, false, true]);
  });

  it('names the diagnosis only after having asked', () => {
    const said = talk({ case: MEDICAL_CASE }, 2).filter((turn) => turn.role === 'doctor');
    expect(said[0]!.text).toMatch(/？$/u);
    expect(said[1]!.text).toContain('失眠症');
  });

  it('goes on while it must not end', () => {
    const said = talk({ case: MEDICAL_CASE, endless: true }, 8).filter((turn) => turn.role === 'patient');
    expect(said.some((turn) => GOODBYE.test(turn.text))).toBe(false);
  });

  it('keeps to English with an English case', () => {
    const turns = talk({ case: 'Dry eyes for two months. Worse in the evening.' }, 4);
    for (const turn of turns) if (turn.role === 'patient') expect(turn.text).toMatch(/^[\x20-\x7e]+$/u);
    expect(turns.at(-2)!.text).toMatch(GOODBYE);
  });

  it('answers one question in different degrees of care', () => {
    const material = doctorMaterial.parse({ turns: [{ role: 'patient', text: '口腔溃疡怎么办？' }] });
    const answers = new Set(Array.from({ length: 12 }, (_, seed) => doctorReply(material, createRandom(seed * 7919))));
    expect(answers.size).toBeGreaterThan(4);
  });
});

describe('self-instruct', () => {
  it.each([{}, { department: '眼科' }, { role: '护士' }, { language: 'en' as const }])(
    'gives twenty different triplets for %j',
    (wish) => {
      const { triplets } = instructTriplets({ language: 'zh', count: 20, ...wish }, createRandom(5));
      expect(triplets.length).toBe(20);
      expect(new Set(triplets.map((triplet) => triplet.instruction + triplet.input)).size).toBe(20);
    },
  );
});

describe('the complaints', () => {
  it('are six in each department, each with what the answers need', () => {
    for (const department of departments)
      expect(topics.filter((topic) => topic.department === department)).toHaveLength(6);
    for (const topic of topics) {
      expect(topic.care).toHaveLength(4);
      expect(topic.causes).toHaveLength(2);
      expect(new Set(topic.care).size).toBe(4);
    }
  });

  it('are classed where they belong', () => {
    const wrong = topics.filter((topic) => classify(`${topic.name}怎么办？`, '').department !== topic.department);
    expect(wrong.map((topic) => topic.name)).toEqual([]);
  });

  it('are not found where they are denied', () => {
    expect(findTopic('例假正常，无痛经')).toBeNull();
    expect(findTopic('没有咳嗽，有点头晕')?.name).toBe('头晕');
  });

  it.each([
    ['北京超声洗牙多少钱', '口腔科', '医疗费用'],
    ['得了肾结石应该注意什么？', '泌尿外科', '注意事项'],
    ['My skin itches, what to do?', '皮肤科', '治疗方案'],
  ])('%s is of %s and asks for %s', (text, department, intent) => {
    expect(classify(text, '')).toEqual({ department, intent });
  });
});
