import type { JudgePairAnswer, JudgePairMaterial, JudgeScoreAnswer, JudgeScoreMaterial } from '@qingnang/judge';
import type { SpokenTurn } from '@qingnang/llm';
import { countPhrases, rudePhrases, vaguePhrases } from './courtesy.js';
import {
  agreementWith,
  compareAnswers,
  judgeDimensions,
  repetition,
  roundScores,
  scoreAnswer,
  TIE_MARGIN,
  type JudgeScores,
} from './judge-rule.js';
import { isChinese } from './language.js';
import { gradeReference, leafletOn } from './reference-rule.js';

const names = {
  zh: {
    correctness: '准确性',
    richness: '内容充实度',
    consistency: '一致性',
    diagnosis: '诊断能力',
    friendliness: '亲切度',
  },
  en: {
    correctness: 'accuracy',
    richness: 'richness',
    consistency: 'consistency',
    diagnosis: 'diagnosis',
    friendliness: 'friendliness',
  },
} as const;

const questionOf = (turns: readonly SpokenTurn[]): string =>
  turns
    .filter((turn) => turn.role === 'patient')
    .map((turn) => turn.text)
    .join('\n');

/** One sentence that names what raised and what lowered the score. */
function reasonFor(text: string, scores: JudgeScores): string {
  const lang = isChinese(text) ? 'zh' : 'en';
  const order = [...judgeDimensions].sort((a, b) => scores[b] - scores[a]);
  const best = names[lang][order[0]!];
  const worst = names[lang][order.at(-1)!];
  const faults = [
    countPhrases(text, rudePhrases) > 0 && (lang === 'zh' ? '语气生硬' : 'it is unkind'),
    countPhrases(text, vaguePhrases) > 1 && (lang === 'zh' ? '说得含糊' : 'it is vague'),
    repetition(text) > 0.2 && (lang === 'zh' ? '重复较多' : 'it repeats itself'),
  ].filter((fault) => fault !== false);
  if (scores[order[0]!] === scores[order.at(-1)!]) return lang === 'zh' ? '各方面表现相当。' : 'Even on all counts.';
  if (lang === 'zh') return `${best}较高，${worst}较低${faults.length > 0 ? `；${faults.join('，')}` : ''}。`;
  return `Good ${best}, weaker ${worst}${faults.length > 0 ? `; ${faults.join(', ')}` : ''}.`;
}

/** What answers are held against: a leaflet stands in for a doctor's answer that cannot be relied on. */
function relyOn(question: string, reference: string | null | undefined): string | null {
  if (!reference) return null;
  const { correct, unsafe } = gradeReference(question, reference);
  return correct && !unsafe ? reference : leafletOn(question);
}

/** What the doctor's answer is worth, then points for each candidate, in the order given. */
export function judgeScores({ turns, reference, candidates }: JudgeScoreMaterial): JudgeScoreAnswer {
  const question = questionOf(turns);
  const reliable = relyOn(question, reference);
  return {
    reference: reference ? gradeReference(question, reference) : null,
    scores: candidates.map(({ id, text }) => {
      const scores = roundScores(scoreAnswer({ question, reference: reliable, text }));
      const agreement = reference ? { agreement: Math.round(agreementWith(reference, text)) } : {};
      return { id, ...scores, ...agreement, reason: reasonFor(text, scores) };
    }),
  };
}

/** Which of two is better, the same whichever stands first. */
export function judgePair({ turns, reference: given, a, b }: JudgePairMaterial): JudgePairAnswer {
  const question = questionOf(turns);
  const reference = relyOn(question, given);
  const difference = compareAnswers(question, reference, a, b);
  const zh = isChinese(a + b);
  if (Math.abs(difference) < TIE_MARGIN)
    return { analysis: zh ? '两个回答质量相当。' : 'Both answers are equally good.', verdict: 'tie' };
  const verdict = difference > 0 ? 'A' : 'B';
  const [ofA, ofB] = [scoreAnswer({ question, reference, text: a }), scoreAnswer({ question, reference, text: b })];
  const gains = [...judgeDimensions].sort((x, y) => Math.abs(ofA[y] - ofB[y]) - Math.abs(ofA[x] - ofB[x]));
  const decisive = gains.filter((dimension) => (ofA[dimension] - ofB[dimension]) * difference > 0).slice(0, 2);
  const lang = zh ? 'zh' : 'en';
  const named = decisive.map((dimension) => names[lang][dimension]);
  return {
    analysis: zh
      ? `回答${verdict}的${named.join('、')}更好。`
      : `Answer ${verdict} is better in ${named.join(' and ')}.`,
    verdict,
  };
}
