/** An error as OpenAI's clients know it: `{error: {message, type, param, code}}` with an HTTP status. */
export class OpenAiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly param: string | null = null,
  ) {
    super(message);
    this.name = 'OpenAiError';
  }

  body(): { error: { message: string; type: string; param: string | null; code: string } } {
    const type = this.status >= 500 ? 'server_error' : 'invalid_request_error';
    return { error: { message: this.message, type, param: this.param, code: this.code } };
  }
}

/** A text longer than the context is refused, never cut: a cut question gets an answer to another question. */
export function contextLengthExceeded(contextLength: number, promptTokens: number, wantedTokens: number): OpenAiError {
  return new OpenAiError(
    400,
    'context_length_exceeded',
    `This model's maximum context length is ${contextLength} tokens, but the request needs ${promptTokens + wantedTokens} ` +
      `(${promptTokens} in the messages, ${wantedTokens} in the completion). Shorten the messages or ask for fewer tokens.`,
    'messages',
  );
}
