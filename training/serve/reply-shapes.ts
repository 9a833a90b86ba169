import type { FinishReason, SpokenToken } from '../generate/reply.js';
import type { TokenLogProb } from '../generate/sampled-log-probs.js';

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

/** How one of OpenAI's two interfaces spells replies; `tokens` is `null` where no log-probabilities are wanted. */
export interface ReplyShape {
  idPrefix: string;
  object: string;
  chunkObject: string;
  /** First chunk of a streamed reply, before any text. */
  opening(index: number): object | null;
  piece(index: number, text: string, tokens: readonly SpokenToken[] | null, finish: FinishReason | null): object;
  whole(index: number, text: string, tokens: readonly SpokenToken[] | null, finish: FinishReason): object;
}

/** A token as text, in hexadecimal where its bytes are no whole character. */
export interface SpeltToken {
  text: string;
  bytes: number[] | null;
}
export type SpellToken = (id: number) => SpeltToken;

export function chatShape(spell: SpellToken): ReplyShape {
  const logprobs = (tokens: readonly SpokenToken[] | null): object | null =>
    tokens && {
      content: tokens.map((token) => ({ ...entry(token), top_logprobs: token.top.map(entry) })),
      refusal: null,
    };
  const entry = ({ id, logProb }: TokenLogProb): object => {
    const { text: token, bytes } = spell(id);
    return { token, logprob: logProb, bytes };
  };
  const delta = (
    index: number,
    content: object,
    tokens: readonly SpokenToken[] | null,
    finish: FinishReason | null,
  ) => ({
    index,
    delta: content,
    logprobs: logprobs(tokens),
    finish_reason: finish,
  });
  return {
    idPrefix: 'chatcmpl-',
    object: 'chat.completion',
    chunkObject: 'chat.completion.chunk',
    opening: (index) => delta(index, { role: 'assistant', content: '' }, null, null),
    piece: (index, text, tokens, finish) => delta(index, text === '' ? {} : { content: text }, tokens, finish),
    whole: (index, content, tokens, finish) => ({
      index,
      message: { role: 'assistant', content, refusal: null },
      logprobs: logprobs(tokens),
      finish_reason: finish,
    }),
  };
}

export function completionShape(spell: SpellToken): ReplyShape {
  const logprobs = (tokens: readonly SpokenToken[] | null): object | null =>
    tokens && {
      tokens: tokens.map(({ id }) => spell(id).text),
      token_logprobs: tokens.map(({ logProb }) => logProb),
      // Of tokens spelt alike the likelier counts.
      top_logprobs: tokens.map(({ top }) =>
        Object.fromEntries(top.toReversed().map(({ id, logProb }) => [spell(id).text, logProb])),
      ),
      text_offset: tokens.map(({ at }) => at),
    };
  const choice = (index: number, text: string, tokens: readonly SpokenToken[] | null, finish: FinishReason | null) => ({
    index,
    text,
    logprobs: logprobs(tokens),
    finish_reason: finish,
  });
  return {
    idPrefix: 'cmpl-',
    object: 'text_completion',
    chunkObject: 'text_completion',
    opening: () => null,
    piece: choice,
    whole: choice,
  };
}
