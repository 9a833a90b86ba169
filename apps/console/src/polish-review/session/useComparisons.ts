import type { FactKind } from '@qingnang/contracts';
import { useEffect, useRef, useState } from 'react';
import { Comparer } from '../../dialogue/comparer';
import type { Comparison } from '../../dialogue/comparing';
import { doctorTurns, type Reviewed } from './polish-kind';

/** By turn; what is not there yet has not been compared. May be of the words some keys ago. */
export type Comparisons = ReadonlyMap<number, Comparison>;

const NONE: Comparisons = new Map();

/** Compares each of the doctor's turns with the original, whenever its words change and never while a key is handled. */
export function useComparisons(task: Reviewed | null, texts: Record<number, string>): Comparisons {
  const [of, setOf] = useState(NONE);
  const comparer = useRef<Comparer | null>(null);
  const asked = useRef(new Map<number, string>());
  const quiet = useRef<readonly FactKind[]>([]);
  quiet.current = task?.quietKinds ?? [];

  useEffect(() => {
    const made = new Comparer((n, comparison) => {
      // Here and not where it is drawn: what does not change must stay the same object while one types.
      const findings = comparison.findings.filter(({ kind }) => !quiet.current.includes(kind));
      setOf((before) => new Map(before).set(n, { ...comparison, findings }));
    });
    comparer.current = made;
    asked.current = new Map();
    return () => made.close();
  }, []);
  useEffect(() => {
    for (const { n, original, suggestion } of task ? doctorTurns(task) : []) {
      const text = texts[n] ?? suggestion.text;
      if (original === null || asked.current.get(n) === text) continue;
      asked.current.set(n, text);
      comparer.current?.ask({ n, original, text });
    }
  }, [task, texts]);
  return of;
}
