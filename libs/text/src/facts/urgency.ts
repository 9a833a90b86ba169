import { gistOf, shared } from './closeness.js';
import type { RawFinding, Span } from './fact.js';
import type { Reading } from './reading.js';

/** Now, whatever it is called. */
const NOW =
  /马上|立即|立刻|即刻|赶紧|赶快|火速|速(?:去|来|到)|快(?:去|来|送)|急诊|120|现在就|今天(?:就|必须)|连夜|第一时间|紧急|刻不容缓|(?:不能|不可|别|不要)(?:再)?(?:拖|等|耽误)|\b(?:immediately|at once|right away|now|urgent(?:ly)?|emergency|a&e)\b/gu;
/** Soon; keeps an urgency, and makes none. */
const SOON = /尽快|尽早|抓紧|及早|早点|及时|尽速|越快越好|越早越好|\b(?:soon|as soon as possible|asap|promptly)\b/gu;
/** 马上就好 promises, it does not urge. */
const NO_URGE = /(?:马上|立即|立刻)(?:就?(?:好|会|能|见效))|现在就(?:是|会)/u;

const spans = (plain: string, pattern: RegExp): Span[] =>
  [...plain.matchAll(pattern)]
    .map((match) => ({ start: match.index, end: match.index + match[0].length }))
    .filter(
      ({ start, end }) =>
        !NO_URGE.test(plain.slice(start, end + 3)) &&
        !/更|不用|不必|无需/u.test(plain.slice(Math.max(0, start - 2), start)),
    );

/** Urgency that went, and an alarm that nobody had raised. */
export function compareUrgency(before: Reading, after: Reading): RawFinding[] {
  const own = [...spans(before.plain, NOW), ...spans(before.plain, SOON)].sort((a, b) => a.start - b.start);
  const now = spans(after.plain, NOW);
  const others = [...now, ...spans(after.plain, SOON)];
  const first = own[0];
  if (!first) {
    const alarm = now.find((span) => conditionOf(after, span) === null);
    const calm = /有空|不急|择期|方便(?:的)?时|不着急|观察/u.test(before.plain);
    return alarm && calm ? [{ kind: 'urgency', key: 'added', was: null, is: alarm }] : [];
  }
  // 如有不适请及时就医 ends every reply; a condition that the original named as well is another matter.
  const said = gistOf(before.plain.slice(Math.max(0, first.start - 60), first.end + 60));
  const kept = others.some((span) => {
    const condition = conditionOf(after, span);
    return condition === null || shared(gistOf(condition), said) >= 3;
  });
  return kept ? [] : [{ kind: 'urgency', key: 'lost', was: first, is: null }];
}

/** The words under whose condition something is urged, or null. */
function conditionOf(reading: Reading, { start }: Span): string | null {
  const at = reading.clauseAt(start);
  const { sentence, end } = reading.clauses[at]!;
  for (let i = at; i >= Math.max(0, at - 6) && reading.clauses[i]!.sentence === sentence; i--) {
    const words = reading.plain.slice(reading.clauses[i]!.start, end);
    if (/^(?:请|您|你)?(?:如|若|要是|一旦|万一)/u.test(words)) return words;
  }
  return null;
}
