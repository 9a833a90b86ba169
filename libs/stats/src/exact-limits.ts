/** Halvings of an interval: enough for the last digit of a number between 0 and 1. */
const HALVINGS = 60;

/**
 * Clopper and Pearson's exact limits of a share of which `k` of `n` were found: the largest and smallest shares under which
 * as few, or as many, would still be seen with a probability of `1 - confidence`. Each limit holds by itself at that
 * confidence. Null without trials.
 */
export function atMost(k: number, n: number, confidence = 0.95): number | null {
  if (n === 0) return null;
  return k >= n ? 1 : quantile(confidence, k + 1, n - k);
}

/** See {@link atMost}. */
export function atLeast(k: number, n: number, confidence = 0.95): number | null {
  if (n === 0) return null;
  return k <= 0 ? 0 : quantile(1 - confidence, k, n - k + 1);
}

/** Both limits at once, so that the share lies between them with this confidence. Null without trials. */
export function exactInterval(k: number, n: number, confidence = 0.95): [low: number, high: number] | null {
  if (n === 0) return null;
  const each = 1 - (1 - confidence) / 2;
  return [atLeast(k, n, each)!, atMost(k, n, each)!];
}

/** The fewest trials of which `k` found say that the share is at most `bound`: 0 of 299 for 1 %. */
export function sizeFor(bound: number, k = 0, confidence = 0.95): number {
  if (!(bound > 0 && bound < 1)) throw new RangeError('the bound of a share lies between 0 and 1');
  let [low, high] = [k, 2 * (k + 1)];
  while (atMost(k, high, confidence)! > bound) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (atMost(k, middle, confidence)! > bound) low = middle;
    else high = middle;
  }
  return high;
}

/** Where the beta distribution reaches a probability. */
function quantile(probability: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (betaShare(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function, by its continued fraction (Lentz). */
export function betaShare(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // The fraction converges fast below the mean; above it the other end does.
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

const TINY = 1e-300;
const STEPS = 10_000;

function fraction(x: number, a: number, b: number): number {
  const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let all = d;
  for (let m = 1; m <= STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      d = 1 / away(1 + term * d);
      c = away(1 + term / c);
      all *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return all;
}

/** Coefficients of Lanczos' series, with g = 7. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const series = LANCZOS.slice(1).reduce((sum, value, i) => sum + value / (shifted + i + 1), LANCZOS[0]!);
  const at = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(at) - at + Math.log(series);
}
