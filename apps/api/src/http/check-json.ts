import { DomainError } from '@qingnang/kernel';

/** Far more than any body of ours has; far less than what recursion over it could not bear. */
const MAX_DEPTH = 64;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

/** How deeply brackets nest outside strings. */
export function jsonDepth(body: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]!;
    if (byte === QUOTE) inString = !inString;
    else if (inString) {
      if (byte === BACKSLASH) i++;
    } else if (OPEN.has(byte)) deepest = Math.max(deepest, ++depth);
    else if (CLOSE.has(byte)) depth--;
  }
  return deepest;
}

/** Before a body is parsed: JSON is UTF-8 (RFC 8259), and whatever walks it later may recurse. */
export function checkJson(_request: unknown, _response: unknown, body: Uint8Array, encoding: string): void {
  if (encoding !== 'utf-8') {
    const detail = 'JSON is sent as UTF-8 here: send application/json without another charset.';
    throw new DomainError({ code: 'body.wrong_type', status: 415, detail });
  }
  const depth = jsonDepth(body);
  if (depth <= MAX_DEPTH) return;
  throw new DomainError({
    code: 'input.too_deep',
    status: 422,
    detail: `The body nests ${depth} levels deep; ${MAX_DEPTH} are read. Send it flatter.`,
    details: { depth, limit: MAX_DEPTH },
  });
}
