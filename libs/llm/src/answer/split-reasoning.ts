const NAMES = 'think|thinking|thought|reasoning|reason|reflection';
const OPEN = new RegExp(`^\\s*<(${NAMES})>`, 'iu');
const CLOSE = new RegExp(`</(?:${NAMES})>`, 'iu');
/** The beginning of a tag that may still become one. */
const BEGUN = new RegExp(`^\\s*<(?:${[...prefixes(NAMES)].join('|')})?$`, 'iu');

export interface SplitAnswer {
  text: string;
  reasoning: string | null;
  /** Reasoning began and never ended: what was asked for was not said. */
  unclosed: boolean;
}

/**
 * What a model says, without what it thinks aloud before: `<think>…</think>` and its kin. Templates that open the tag in the
 * question leave only the closing one in the answer. Tags elsewhere are text: a patient may have written them.
 */
export function splitReasoning(spoken: string): SplitAnswer {
  let text = spoken;
  const thoughts: string[] = [];
  for (let open = OPEN.exec(text); open; open = OPEN.exec(text)) {
    const inside = text.slice(open[0].length);
    const end = new RegExp(`</${open[1]!}>`, 'iu').exec(inside) ?? CLOSE.exec(inside);
    if (!end) return { text: '', reasoning: joined([...thoughts, inside]), unclosed: true };
    thoughts.push(inside.slice(0, end.index));
    text = inside.slice(end.index + end[0].length);
  }
  const close = thoughts.length === 0 ? CLOSE.exec(text) : null;
  if (close) {
    thoughts.push(text.slice(0, close.index));
    text = text.slice(close.index + close[0].length);
  }
  if (thoughts.length === 0) return { text: spoken, reasoning: null, unclosed: false };
  return { text: text.trimStart(), reasoning: joined(thoughts), unclosed: false };
}

/** What of a text that is still coming may be shown: nothing of reasoning, nor of a tag that may be its beginning. */
export function visibleSoFar(text: string): string {
  return BEGUN.test(text) ? '' : splitReasoning(text).text;
}

function joined(thoughts: readonly string[]): string | null {
  return (
    thoughts
      .map((thought) => thought.trim())
      .filter(Boolean)
      .join('\n\n') || null
  );
}

function prefixes(names: string): Set<string> {
  return new Set(names.split('|').flatMap((name) => Array.from(name, (_letter, i) => name.slice(0, i + 1))));
}
