import { type Finding, needsConfirmation } from '@qingnang/text';
import { useEffect, useMemo, useRef, useState } from 'react';
import { askedFindings } from '../logic/asked-findings';
import { changeAt, revertedText, type Stop, stopsOf, walk, type WalkedTurn } from '../logic/change-walk';
import { type DeskState, doctorTurns, type PolishWords, type Reviewed } from './polish-kind';
import type { Comparisons } from './useComparisons';

export interface ReviewedTurn extends WalkedTurn {
  original: string | null;
  /** As the model last made it. */
  suggestion: string;
  rehearsal: boolean;
  /** The words that segments and findings are of; behind `text` while one types. */
  compared: string | null;
}

const NONE: readonly Finding[] = [];

function patientBefore(task: Reviewed, n: number): string {
  const said = task.turns.filter((turn) => turn.role === 'patient' && turn.n < n);
  return said.map(({ original, suggestion }) => original ?? suggestion.text).join('\n');
}

interface ReviewState {
  task: Reviewed | null;
  words: { texts: Record<number, string>; again: PolishWords['again'] } | null;
  failure: DeskState['failure'];
}

/** The doctor's turns with their differences, as they were last compared. */
export function useReviewedTurns({ task, words, failure }: ReviewState, comparisons: Comparisons): ReviewedTurn[] {
  return useMemo(
    () =>
      (task ? doctorTurns(task) : []).map(({ n, original, suggestion }) => {
        const made = words?.again[n];
        const comparison = comparisons.get(n);
        const text = words?.texts[n] ?? suggestion.text;
        return {
          n,
          original,
          text,
          suggestion: made?.text ?? suggestion.text,
          rehearsal: made?.rehearsal ?? suggestion.rehearsal ?? false,
          segments: comparison?.segments ?? [],
          findings: askedFindings(failure, { n, original, text }, comparison?.findings ?? NONE),
          compared: comparison?.text ?? null,
          patient: patientBefore(task!, n),
        };
      }),
    [task, words, failure, comparisons],
  );
}

export interface Walk {
  stops: Stop[];
  current: Stop | null;
  /** Looked at and found right, in this sitting or before. */
  kept: ReadonlySet<string>;
  /** Facts that the person has to say are right before the text goes up. */
  open: readonly Stop[];
  /** The text was to go up, and waited for them. */
  asked: boolean;
  step(direction: 1 | -1): void;
  goTo(stop: Stop): void;
  keep(): void;
  revert(): void;
  /** Acts once nothing is left to confirm; else leads to the first fact that is. */
  handIn(act: () => void): void;
}

/** What was confirmed, which outlives the page, and how to say so. */
interface Confirming {
  confirmed: readonly string[];
  onConfirm(key: string): void;
}

interface Editors {
  select(n: number, start: number, end: number): void;
  replace(n: number, start: number, end: number, words: string): void;
}

/** Segments and findings stay the same objects while one types: nothing is built anew for a key. */
function useStops(turns: readonly ReviewedTurn[]): Stop[] {
  const parts = turns.flatMap(({ n, segments, findings, patient }) => [n, segments, findings, patient]);
  return useMemo(() => stopsOf(turns), parts);
}

/** Nobody waits longer for a comparison: the server compares what is handed in, too. */
const PATIENCE_MS = 4_000;

/**
 * Does it now where the words as they stand have been compared, else as soon as they have; late rather than never.
 * What was compared before says nothing of these words, so it is the render with their own comparison that acts.
 */
function useWhenCompared<T>(now: T, fresh: boolean): (act: (walker: T) => void) => void {
  const latest = useRef(now);
  const waiting = useRef<((walker: T) => void)[]>([]);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  const actAll = () => {
    for (const timer of timers.current) clearTimeout(timer);
    timers.current.clear();
    for (const act of waiting.current.splice(0)) act(latest.current);
  };
  useEffect(() => {
    latest.current = now;
    if (fresh) actAll();
  });
  useEffect(
    () => () => {
      waiting.current = [];
      actAll();
    },
    [],
  );
  return (act) => {
    if (fresh) return act(now);
    waiting.current.push(act);
    timers.current.add(setTimeout(actAll, PATIENCE_MS));
  };
}

const mustConfirm = ({ finding }: Stop): boolean => finding !== undefined && needsConfirmation(finding);

/** Which stops the person has looked at, and which facts are still to be confirmed. */
function useKept(stops: readonly Stop[], confirmed: readonly string[]) {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const kept = useMemo(() => new Set([...seen, ...confirmed]), [seen, confirmed]);
  const open = useMemo(
    () => stops.filter((stop) => mustConfirm(stop) && !confirmed.includes(stop.key)),
    [stops, confirmed],
  );
  return { kept, open, setSeen };
}

/** Puts the words of the original back where a stop lies. */
function revertStop(turns: readonly ReviewedTurn[], stops: readonly Stop[], current: Stop | null, editors: Editors) {
  const change = current && changeAt(stops, current);
  const turn = turns.find(({ n }) => n === change?.n);
  if (!change || !turn || revertedText(turn.text, change) === null) return;
  editors.replace(change.n, change.start, change.end, change.deleted);
}

/** Walks changes and warnings; state belongs to one record (use a key). */
export function useWalk(turns: readonly ReviewedTurn[], editors: Editors, { confirmed, onConfirm }: Confirming): Walk {
  const stops = useStops(turns);
  const [currentKey, setCurrent] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const { kept, open, setSeen } = useKept(stops, confirmed);
  const current = stops.find((stop) => stop.key === currentKey) ?? null;

  const goTo = (stop: Stop | null) => {
    setCurrent(stop?.key ?? null);
    if (stop) editors.select(stop.n, stop.start, stop.end);
  };
  const keep = () => {
    if (!current) return;
    const next = new Set(kept).add(current.key);
    setSeen(next);
    if (mustConfirm(current)) onConfirm(current.key);
    const rest = open.filter(({ key }) => key !== current.key);
    goTo(asked ? (rest[0] ?? current) : walk(stops, current.key, 1, next));
  };
  const handIn = (act: () => void) => {
    if (open.length === 0) return act();
    setAsked(true);
    goTo(open[0]!);
  };
  const step = (direction: 1 | -1) => goTo(walk(stops, current?.key ?? null, direction, kept));
  const revert = () => revertStop(turns, stops, current, editors);
  // Places are those of the words compared last: where keys came since, theirs come first.
  const fresh = turns.every(({ text, compared, original }) => original === null || text === compared);
  const run = useWhenCompared({ step, keep, revert, handIn }, fresh);
  return { ...{ stops, current, kept, open, asked, goTo }, ...whenCompared(run) };
}

/** What the server found that this page had not: leads to it. Returns that refusal, so that nothing else draws it. */
export function useAskedByServer(failure: DeskState['failure'], walk: Pick<Walk, 'handIn'>): DeskState['failure'] {
  const refused = failure?.code === 'answer.facts_unconfirmed' ? failure : null;
  useEffect(() => {
    if (refused) walk.handIn(() => undefined);
  }, [refused]);
  return refused;
}

type Walker = Pick<Walk, 'step' | 'keep' | 'revert' | 'handIn'>;

/** Each act of a walker, once the words as they stand have been compared. */
function whenCompared(run: (act: (walker: Walker) => void) => void): Walker {
  return {
    step: (direction) => run((walker) => walker.step(direction)),
    keep: () => run((walker) => walker.keep()),
    revert: () => run((walker) => walker.revert()),
    handIn: (act) => run((walker) => walker.handIn(act)),
  };
}
