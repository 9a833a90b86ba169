import type { EvaluationSummary } from '@qingnang/contracts';
import { bootstrapMean, mean, wilsonInterval } from '@qingnang/stats';
import type { MergedOutcome } from './outcomes.js';

export interface JudgedQuestion {
  category: string;
  /** Null where it is not judged. */
  said: MergedOutcome | null;
  /** Characters of the answers; null where one is missing. */
  lengthA: number | null;
  lengthB: number | null;
}

type Counts = Pick<EvaluationSummary, 'questions' | 'win' | 'tie' | 'loss' | 'flips' | 'bothBad' | 'missing'>;

const worth = { win: 1, tie: 0.5, loss: 0 } as const;

/** Win, tie and loss of A over all questions and by category, with how sure the figures are. */
export function countOutcomes(questions: readonly JudgedQuestion[]): EvaluationSummary {
  const judged = questions.flatMap(({ said }) => said ?? []);
  const points = judged.map(({ outcome }) => worth[outcome]);
  const counts = count(questions);
  const decided = counts.win + counts.loss;
  const categories = [...new Set(questions.map(({ category }) => category))].sort();
  return {
    ...counts,
    flipRate: judged.length === 0 ? 0 : counts.flips / judged.length,
    score: mean(points) ?? 0,
    scoreInterval: bootstrapMean(points),
    winShare: decided === 0 ? null : counts.win / decided,
    winInterval: wilsonInterval(counts.win, decided),
    answerLength: {
      a: mean(questions.flatMap(({ lengthA }) => lengthA ?? [])) ?? 0,
      b: mean(questions.flatMap(({ lengthB }) => lengthB ?? [])) ?? 0,
    },
    byCategory: categories.map((category) => ({
      category,
      ...count(questions.filter((question) => question.category === category)),
    })),
  };
}

function count(questions: readonly JudgedQuestion[]): Counts {
  const of = (wanted: (said: MergedOutcome) => boolean): number =>
    questions.filter(({ said }) => said !== null && wanted(said)).length;
  return {
    questions: questions.length,
    win: of(({ outcome }) => outcome === 'win'),
    tie: of(({ outcome }) => outcome === 'tie'),
    loss: of(({ outcome }) => outcome === 'loss'),
    flips: of(({ flipped }) => flipped),
    bothBad: of(({ bothBad }) => bothBad),
    missing: questions.filter(({ said }) => said === null).length,
  };
}
