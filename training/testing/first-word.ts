import type OpenAI from 'openai';

/**
 * Reads a streamed reply up to its first word and leaves it there, so that the test can hang up. It must not be read on
 * after that: fetch now and then never settles a read whose request was aborted.
 */
export async function untilFirstWord(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<void> {
  const chunks = stream[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) throw new Error('The reply ended without a word.');
    if (value.choices[0]?.delta.content) return;
  }
}
