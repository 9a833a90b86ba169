import type { Random } from '@qingnang/kernel';
import type { Topic } from '@qingnang/rehearsal';
import type { DemoIntent } from './questions.js';

const closings = ['祝您早日康复。', '祝您健康。', '感谢您的咨询。'] as const;

/** What a doctor says about a topic, drawn once so that reference and good candidates agree. */
export interface Advice {
  topic: Topic;
  intent: DemoIntent;
  cause: string;
  /** All four, in the order to be used. */
  care: readonly string[];
}

export function drawAdvice(topic: Topic, intent: DemoIntent, random: Random): Advice {
  return { topic, intent, cause: random.pick(topic.causes), care: random.shuffle(topic.care) };
}

/** The answer to the intent in one plain sentence, without courtesy. */
export function core({ topic, intent, cause, care }: Advice): string {
  const [first, second, third] = care as [string, string, string];
  switch (intent) {
    case '病因分析':
      return `多与${cause}有关，建议${first}，${second}。`;
    case '治疗方案':
      return `建议${first}，${second}，若${topic.warn}请及时就诊。`;
    case '注意事项':
      return `平时${first}，${second}，${third}。`;
    case '就医建议':
      return `若${topic.warn}请到${topic.department}就诊，平时${first}。`;
    case '病情诊断':
      return `多与${cause}有关，先${first}，若${topic.warn}请及时就诊。`;
  }
}

/** Two steps in a visible order. */
function ordered({ topic, intent, cause, care }: Advice): string {
  const [first, second] = care as [string, string];
  switch (intent) {
    case '病因分析':
      return `多与${cause}有关，首先${first}，其次${second}。`;
    case '治疗方案':
      return `首先${first}，其次${second}，若${topic.warn}请及时就诊。`;
    case '注意事项':
      return `首先${first}，其次${second}，另外${care[2]}。`;
    case '就医建议':
      return `若${topic.warn}请到${topic.department}就诊，另外${first}。`;
    case '病情诊断':
      return `多与${cause}有关，首先${first}，另外若${topic.warn}请及时就诊。`;
  }
}

/** Greeting, order and closing: the house style. */
export function fullAnswer(advice: Advice, random: Random): string {
  return `您好，${ordered(advice)}${random.pick(closings)}`;
}

/** Correct and courteous in part: how models answer before people and preferences have worked on them. */
export function middlingAnswer(advice: Advice, random: Random): string {
  return random.next() < 0.5 ? `您好，${core(advice)}` : `${core(advice)}${random.pick(closings)}`;
}

/** Courteous, and over after one step: politeness alone must not win. */
export function thinAnswer(advice: Advice, random: Random): string {
  const opening = random.pick(['', '首先', '建议', '平时', `多与${advice.cause}有关，`]);
  return `您好，${opening}${advice.care[0]}。${random.pick(closings)}`;
}

/** How doctors really type between two patients. */
export function spokenAnswer({ topic, intent, cause, care }: Advice, random: Random): string {
  const [first, second] = care as [string, string];
  const byIntent: Record<DemoIntent, readonly string[]> = {
    病因分析: [`多半是${cause}，${first}。`, `和${cause}有关，${first}，${second}。`],
    治疗方案: [`${first}，${second}就行。`, `先${first}，${topic.warn}再来看。`],
    注意事项: [`${first}，${second}。`, `主要是${first}，${second}。`],
    就医建议: [`${topic.warn}就去看${topic.department}。`, `可以看${topic.department}，平时${first}。`],
    病情诊断: [`先不用紧张，${first}，${second}。`, `可能是${cause}，${first}。`],
  };
  return random.pick(byIntent[intent]);
}

/** The four weak answers a preference must learn to rank below. `length` is what a good answer to the same took. */
export const weakAnswers = {
  curt: (advice: Advice): string => `${advice.care[0]}就行。`,
  plain: (advice: Advice): string => `建议${advice.care[0]}，${advice.care[1]}。`,
  rude: (advice: Advice, random: Random, length: number): string => {
    const scolds = ['这也要问？', '别问了，', '自己看着办，', '大惊小怪，'];
    const ends = ['别烦我。', '自己去查。', '没空细说。', '随便你。'];
    const middle = length > 24 ? `${advice.care[0]}，${advice.care[1]}就行，` : `${advice.care[0]}就行，`;
    const start = random.pick(scolds);
    const rest = random.shuffle(ends);
    return fill(start + middle, rest, length);
  },
  repetitive: (advice: Advice, _random: Random, length: number): string => {
    const [first, second] = advice.care as [string, string];
    return fill(
      `建议${first}，`,
      [`${second}，`, `${first}，`, `${second}，`, `${first}，`, `${second}，`, `${first}，`],
      length,
    ).replace(/，$/u, '。');
  },
  vague: (advice: Advice, random: Random, length: number): string => {
    const fillers = [
      '这个不好说，',
      '情况很多，',
      '也说不清，',
      '都有可能，',
      '看情况吧，',
      '再看看吧，',
      '因人而异，',
    ];
    return fill(`${advice.topic.name}，`, random.shuffle(fillers), length).replace(/，$/u, '。');
  },
};

/** Adds pieces while the text comes nearer to the wanted length by it. */
function fill(start: string, pieces: readonly string[], length: number): string {
  let text = start;
  for (const piece of pieces) {
    if (text !== start && Math.abs(text.length + piece.length - length) > Math.abs(text.length - length)) break;
    text += piece;
  }
  return text;
}
