import type { ChatTarget } from './chat-target.js';

/** In which form a model wants to be asked, where servers differ and what is asked for is the same. */
export interface Dialect {
  /** The name of the cap on an answer: newer models refuse the older name. */
  cap: 'max_tokens' | 'max_completion_tokens';
  /** It knows no other way to answer than piece by piece. */
  stream: boolean;
}

const USUAL: Dialect = { cap: 'max_tokens', stream: false };

/** Learned from refusals, by address and model, for as long as the process lives: a refusal costs nothing. */
const known = new Map<string, Dialect>();

const keyOf = ({ baseUrl, model }: Pick<ChatTarget, 'baseUrl' | 'model'>): string => `${baseUrl} ${model}`;

export function dialectOf(target: Pick<ChatTarget, 'baseUrl' | 'model'>): Dialect {
  return known.get(keyOf(target)) ?? USUAL;
}

/**
 * Learns from the refusal of a call that was asked in that dialect how a model wants to be asked; false where the call
 * would be asked the same again. Several calls may be refused at once: what the first has taught, the others have yet to
 * use.
 */
export function learnDialect(
  target: Pick<ChatTarget, 'baseUrl' | 'model'>,
  asked: Dialect,
  refusal: { param: string | null; said: string | null },
): boolean {
  const said = refusal.said ?? '';
  const newerCap = refusal.param === 'max_tokens' && /max_completion_tokens/u.test(said);
  const streamOnly = refusal.param === 'stream' || refusal.param === 'enable_thinking' || STREAM_ONLY.test(said);
  const taught = (before: Dialect): Dialect => ({
    cap: newerCap ? 'max_completion_tokens' : before.cap,
    stream: before.stream || streamOnly,
  });
  const again = taught(asked);
  if (again.cap === asked.cap && again.stream === asked.stream) return false;
  known.set(keyOf(target), taught(dialectOf(target)));
  return true;
}

const STREAM_ONLY =
  /(?:only|must|requires?)[^.]{0,40}stream|non-?stream(?:ing)?[^.]{0,40}not|stream[^.]{0,30}(?:must be|only)|[仅只]支持流式/iu;
