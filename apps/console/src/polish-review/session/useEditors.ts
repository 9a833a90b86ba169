import { useMemo, useRef, type RefObject } from 'react';

export interface EditorSet {
  ref(n: number): (element: HTMLTextAreaElement | null) => void;
  focusFirst(): void;
  /** The turn whose editor has or had the caret, else the first. */
  active(): number | null;
  select(n: number, start: number, end: number): void;
  replace(n: number, start: number, end: number, words: string): void;
}

type Elements = Map<number, HTMLTextAreaElement>;

function select(element: HTMLTextAreaElement | undefined, start: number, end: number): void {
  element?.focus({ preventScroll: true });
  element?.setSelectionRange(start, end);
}

function makeSet(
  elements: RefObject<Elements>,
  last: RefObject<number | null>,
  write: RefObject<(n: number, text: string) => void>,
): EditorSet {
  return {
    ref: (n) => (element) => {
      if (element) elements.current.set(n, element);
      else elements.current.delete(n);
    },
    focusFirst: () => {
      const first = Math.min(...elements.current.keys());
      elements.current.get(first)?.focus({ preventScroll: true });
    },
    active: () => {
      const focused = [...elements.current].find(([, element]) => element === document.activeElement)?.[0];
      last.current = focused ?? last.current;
      if (last.current !== null && elements.current.has(last.current)) return last.current;
      return elements.current.size > 0 ? Math.min(...elements.current.keys()) : null;
    },
    select: (n, start, end) => {
      const element = elements.current.get(n);
      select(element, start, end);
      element?.scrollIntoView({ block: 'nearest' });
    },
    replace: (n, start, end, words) => {
      const element = elements.current.get(n);
      if (!element) return;
      select(element, start, end);
      // Typed through the browser, so that its own undo takes it back. It is old, and has no successor.
      const done = words === '' ? document.execCommand?.('delete') : document.execCommand?.('insertText', false, words);
      if (!done) write.current(n, element.value.slice(0, start) + words + element.value.slice(end));
      element.setSelectionRange(start, start + words.length);
    },
  };
}

/** The text fields of a dialogue's doctor turns. */
export function useEditors(write: (n: number, text: string) => void): EditorSet {
  const elements = useRef<Elements>(new Map());
  const last = useRef<number | null>(null);
  const latest = useRef(write);
  latest.current = write;
  return useMemo(() => makeSet(elements, last, latest), []);
}
