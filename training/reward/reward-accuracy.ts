import { IdNumbers } from '../data/id-numbers.js';
import { mapRows, type Rows } from '../data/rows.js';
import type { EncodedExample, EncodedPair } from '../interfaces.js';
import { lengthDifference, pairAccuracy, pairLoss, type JudgedPair } from '../maths/bradley-terry.js';
import { correlationOfGaps, expectedCalibrationError, reliability } from '../maths/calibration.js';
import { mean } from '../maths/summary.js';
import { scoreSequences } from '../model/last-token-score.js';
import type { Model } from '../model/model.js';

/** Pairs whose lengths differ by less than this share tell whether more than length was learnt. */
const LIKE_LENGTH = 0.1;
/** Upper bounds of the length report's bins, as shares of the longer reply, in per cent. */
const LENGTH_BINS = [10, 30, 100];

/** Held-out loss, accuracy as a whole, by margin and by length, the longer-wins baseline, and calibration. */
export function rewardFigures(model: Model, pairs: Rows<EncodedPair>): Record<string, number> {
  const judged = judge(model, pairs);
  return {
    'eval/loss': mean(judged.map((p) => pairLoss(p.chosenScore, p.rejectedScore))),
    'reward/accuracy': pairAccuracy(judged),
    'reward/pairs': judged.length,
    ...marginFigures(judged),
    ...lengthFigures(judged),
    ...calibrationFigures(judged),
  };
}

/** Pairs at or above the middle margin, and below it. */
function marginFigures(judged: readonly JudgedPair[]): Record<string, number> {
  const margins = judged.flatMap((p) => (p.margin === null ? [] : [p.margin])).sort((a, b) => a - b);
  const middle = margins[Math.floor(margins.length / 2)] ?? 0;
  const clear = judged.filter((p) => p.margin !== null && p.margin >= middle);
  const close = judged.filter((p) => p.margin !== null && p.margin < middle);
  return {
    'reward/accuracy_clear_margin': pairAccuracy(clear),
    'reward/pairs_clear_margin': clear.length,
    'reward/accuracy_close_margin': pairAccuracy(close),
    'reward/pairs_close_margin': close.length,
  };
}

/**
 * Whether the model likes length for its own sake: what the longer-wins rule would reach, accuracy where the chosen reply is
 * the longer or the shorter one, how the scores' differences go with the lengths', accuracy by difference of length.
 */
function lengthFigures(judged: readonly JudgedPair[]): Record<string, number> {
  const like = judged.filter((p) => lengthDifference(p) < LIKE_LENGTH);
  const longer = judged.filter((p) => p.chosenCharacters > p.rejectedCharacters);
  const shorter = judged.filter((p) => p.chosenCharacters < p.rejectedCharacters);
  const figures: Record<string, number> = {
    'reward/longer_wins': pairAccuracy(judged, 'length'),
    'reward/accuracy_like_length': pairAccuracy(like),
    'reward/pairs_like_length': like.length,
    'reward/longer_wins_like_length': pairAccuracy(like, 'length'),
    'reward/accuracy_longer_chosen': pairAccuracy(longer),
    'reward/pairs_longer_chosen': longer.length,
    'reward/accuracy_shorter_chosen': pairAccuracy(shorter),
    'reward/pairs_shorter_chosen': shorter.length,
    'reward/length_correlation': correlationOfGaps(
      judged.map((p) => p.chosenScore - p.rejectedScore),
      judged.map((p) => p.chosenCharacters - p.rejectedCharacters),
    ),
  };
  LENGTH_BINS.forEach((to, i) => {
    const from = LENGTH_BINS[i - 1] ?? 0;
    const last = i === LENGTH_BINS.length - 1;
    const within = judged.filter((p) => {
      const percent = 100 * lengthDifference(p);
      return percent >= from && (percent < to || last);
    });
    figures[`reward/accuracy_length_${from}_${to}`] = pairAccuracy(within);
    figures[`reward/pairs_length_${from}_${to}`] = within.length;
  });
  return figures;
}

/** σ of the scores' difference beside what was observed; bins without a pair are left out. */
function calibrationFigures(judged: readonly JudgedPair[]): Record<string, number> {
  const bins = reliability(judged.map((p) => p.chosenScore - p.rejectedScore));
  const figures: Record<string, number> = { 'reward/calibration_error': expectedCalibrationError(bins) };
  for (const { from, to, pairs, confidence, observed } of bins) {
    if (pairs === 0) continue;
    const name = `${Math.round(100 * from)}_${Math.round(100 * to)}`;
    figures[`reward/calibration_${name}_confidence`] = confidence;
    figures[`reward/calibration_${name}_observed`] = observed;
    figures[`reward/calibration_${name}_pairs`] = pairs;
  }
  return figures;
}

/** Every reply scored once, however many pairs it stands in, with only a few of them in memory. */
function judge(model: Model, pairs: Rows<EncodedPair>): JudgedPair[] {
  const replies = new IdNumbers();
  const first: number[] = []; // of each reply, 2 · pair + side
  const numberOf = ({ ids }: EncodedExample, place: number): number => {
    const number = replies.of(ids.join());
    if (number === first.length) first.push(place);
    return number;
  };
  let at = 0;
  const rows = Array.from(pairs, ({ chosen, rejected, ...pair }) => ({
    chosen: numberOf(chosen, at++),
    rejected: numberOf(rejected, at++),
    chosenCharacters: pair.chosenCharacters,
    rejectedCharacters: pair.rejectedCharacters,
    margin: pair.margin,
  }));
  const sequences = mapRows(first, (place) => pairs.at(place >> 1)![place % 2 === 0 ? 'chosen' : 'rejected'].ids);
  const scores = scoreSequences(model, sequences);
  return rows.map(({ chosen, rejected, ...pair }) => ({
    chosenScore: scores[chosen]!,
    rejectedScore: scores[rejected]!,
    ...pair,
  }));
}
