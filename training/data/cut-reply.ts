import type { ChatMessage } from '@qingnang/contracts';

// A full stop ends a sentence unless it stands in a number or name (3.5, www.) or behind the number of a list (1.); a line
// ends one unless it announces what follows. Closing quotes and brackets belong to the sentence they close.
const ENDS =
  /(?:[。！？；!?…]+|\.+(?![\p{L}\p{N}.])(?<!(?:^|[^\p{L}\p{N}.])\d{1,2}\.))[”’"'）)】」』》]*|(?<![：:，,、\s])(?=\s*\n)/gu;

/** Offsets behind each sentence of a text that says something, in UTF-16 units; the end of the text is none. */
export function sentenceEnds(text: string): number[] {
  const ends = Array.from(text.matchAll(ENDS), (match) => match.index + match[0].length);
  return [...new Set(ends)].filter((end) => end < text.trimEnd().length && /[\p{L}\p{N}]/u.test(text.slice(0, end)));
}

/**
 * The conversation with its last doctor's reply ended at a sentence, as late as possible, so that it fits.
 * @param fits whether a conversation is short enough; longer replies are taken to need more room
 * @returns `null` where not even the first sentence fits, or there is only one
 */
export function cutReply(
  messages: readonly ChatMessage[],
  fits: (messages: readonly ChatMessage[]) => boolean,
): ChatMessage[] | null {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  if (last === -1) return null;
  const { content } = messages[last]!;
  const cutAt = (end: number): ChatMessage[] =>
    messages.with(last, { role: 'assistant', content: content.slice(0, end).trimEnd() });
  const ends = sentenceEnds(content);
  let best: ChatMessage[] | null = null;
  let low = 0;
  let high = ends.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const cut = cutAt(ends[middle]!);
    if (fits(cut)) {
      best = cut;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return best;
}
