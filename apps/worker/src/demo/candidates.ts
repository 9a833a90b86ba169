import type { Random } from '@qingnang/kernel';
import { topics } from '@qingnang/rehearsal';
import { drawAdvice, fullAnswer, middlingAnswer, thinAnswer, weakAnswers, type Advice } from './answers.js';
import type { DemoCandidate, DemoQuality } from './demo-data.js';

/**
 * Four answers to one question: the best, a middling or short one, and two faulty ones. Faulty ones are filled to the
 * length of the best, or beyond it, so that whoever prefers the longer answer is wrong as often as right.
 */
export function gradedCandidates(advice: Advice, random: Random): DemoCandidate[] {
  const best = fullAnswer(advice, random);
  const faults = random.shuffle<DemoQuality>(['rude', 'repetitive', 'vague', 'off_topic']).slice(0, 2);
  const second: DemoQuality = random.pick(['plain', 'thin', 'thin', 'curt']);
  const made: DemoCandidate[] = [
    { quality: 'full', text: best },
    {
      quality: second,
      text:
        second === 'plain' && random.next() < 0.6 ? middlingAnswer(advice, random) : weak(second, advice, random, 0),
    },
    ...faults.map((quality, i) => ({
      quality,
      text: weak(quality, advice, random, best.length + (i === 0 ? 0 : random.below(14) - 5)),
    })),
  ];
  return random.shuffle(made);
}

function weak(quality: DemoQuality, advice: Advice, random: Random, length: number): string {
  switch (quality) {
    case 'thin':
      return thinAnswer(advice, random);
    case 'curt':
    case 'plain':
      return weakAnswers[quality](advice);
    case 'rude':
    case 'repetitive':
    case 'vague':
      return weakAnswers[quality](advice, random, length);
    default: {
      // Courteous and in order, but about another department's complaint.
      const others = topics.filter((topic) => topic.department !== advice.topic.department);
      return fullAnswer(drawAdvice(random.pick(others), advice.intent, random), random);
    }
  }
}
