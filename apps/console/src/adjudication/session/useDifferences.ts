import type { AdjudicationView } from '@qingnang/contracts';
import type { DiffPart } from '@qingnang/text';
import { useEffect, useState } from 'react';
import { Comparer } from '../../dialogue/comparer';

/** One number for a turn of an answer: the comparer tells its questions apart by it. */
const MOST_TURNS = 1_000;

/** How each answer's words differ from the doctor's own, once it has been found out off the page's own thread. */
export function useDifferences({
  answers,
  turns,
}: Pick<AdjudicationView, 'answers' | 'turns'>): (answer: number, n: number) => readonly DiffPart[] | undefined {
  const [found, setFound] = useState<ReadonlyMap<number, readonly DiffPart[]>>(new Map());
  useEffect(() => {
    const comparer = new Comparer((key, { segments }) => setFound((before) => new Map(before).set(key, segments)));
    answers.forEach((answer, index) => {
      for (const { n, text } of answer.turns ?? []) {
        const original = turns.find((turn) => turn.n === n)?.original;
        if (original != null) comparer.ask({ n: index * MOST_TURNS + n, original, text });
      }
    });
    return () => comparer.close();
  }, [answers, turns]);
  return (answer, n) => found.get(answer * MOST_TURNS + n);
}
