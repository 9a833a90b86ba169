/** An error as OpenAI's clients know it: `{error: {message, type, param, code}}` with an HTTP status. */
export class OpenAiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly param: string | null = null,
    /** Seconds after which it may work, for the header `Retry-After`. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = 'OpenAiError';
  }

  body(): { error: { message: string; type: string; param: string | null; code: string } } {
    const { message, param, code, status } = this;
    const type = status >= 500 ? 'server_error' : status === 429 ? 'rate_limit_error' : 'invalid_request_error';
    return { error: { message, type, param, code } };
  }
}

/** A text longer than the context is refused, never cut: a cut question gets an answer to another question. */
export function contextLengthExceeded(
  contextLength: number,
  promptTokens: number,
  wantedTokens: number,
  param: 'messages' | 'prompt',
): OpenAiError {
  return new OpenAiError(
    400,
    'context_length_exceeded',
    `This model's maximum context length is ${contextLength} tokens, but the request needs ${promptTokens + wantedTokens} ` +
      `(${promptTokens} in the ${param}, ${wantedTokens} in the completion). Shorten the ${param} or ask for fewer tokens.`,
    param,
  );
}
