import type { HttpException } from '@nestjs/common';
import { isDatabaseAway } from '@qingnang/database';
import { DomainError } from '@qingnang/kernel';

const known: Record<string, { code: string; status: number; detail: string; retryable?: boolean }> = {
  // A malformed id names nothing.
  '22P02': { code: 'not_found', status: 404, detail: 'There is nothing at this address.' },
  '22021': {
    code: 'input.not_storable',
    status: 422,
    detail: 'The text holds a character that cannot be stored (NUL).',
  },
  '22P05': {
    code: 'input.not_storable',
    status: 422,
    detail: 'The text holds a character that cannot be stored (NUL).',
  },
  '22003': { code: 'input.out_of_range', status: 422, detail: 'A number is too large.' },
  '22008': { code: 'input.out_of_range', status: 422, detail: 'A date is out of range.' },
  '23505': {
    code: 'conflict',
    status: 409,
    detail: 'Something like this exists already: look for it, or choose another name.',
  },
  '23503': { code: 'reference.missing', status: 422, detail: 'Something the input names is not in this project.' },
  '23001': { code: 'immutable', status: 409, detail: 'This can no longer be changed.' },
  '53100': {
    code: 'storage.full',
    status: 507,
    detail: 'The disk of the database is full; nothing of this was kept. Free some space and send it again.',
    retryable: true,
  },
  '57014': {
    code: 'request.too_long',
    status: 503,
    detail:
      'The database needed too long for this and was stopped; nothing of it was kept. Ask for less (a narrower filter, a smaller choice), or try again when less is going on.',
    retryable: true,
  },
  '40001': {
    code: 'busy',
    status: 409,
    detail: 'Someone else changed this at the same moment: try again.',
    retryable: true,
  },
  '40P01': {
    code: 'busy',
    status: 409,
    detail: 'Someone else changed this at the same moment: try again.',
    retryable: true,
  },
};

/** What a database error means to a caller; undefined where it is a fault of ours. The driver's message is not passed on: it quotes values. */
export function fromDatabase(error: unknown): DomainError | undefined {
  if (isDatabaseAway(error)) return databaseAway(error);
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const meaning = known[String(driverError?.code ?? code)];
  return meaning && new DomainError({ ...meaning, cause: error });
}

/** PostgreSQL is down, starting or out of connections; what was asked for may be asked again as it is. */
export function databaseAway(cause: unknown): DomainError {
  return new DomainError({
    code: 'health.database',
    status: 503,
    detail: 'The database does not answer: try again in a moment.',
    details: { retryAfter: 5 },
    retryable: true,
    cause,
  });
}

const codes: Record<number, string> = {
  400: 'request.malformed',
  404: 'not_found',
  405: 'method.not_allowed',
  413: 'body.too_large',
  415: 'body.wrong_type',
};
const details: Record<number, string> = {
  400: 'The request cannot be read: is the body whole, valid JSON?',
  404: 'There is nothing at this address.',
  413: 'The body is too large for this address: upload files as a stream.',
  415: 'The body is of a kind that is not read here: send application/json.',
};

/** Errors of the framework itself: unknown address, unreadable body. Our own refusals of a body come wrapped in one. */
export function fromHttp(error: HttpException): DomainError {
  if (error.cause instanceof DomainError) return error.cause;
  const status = error.getStatus();
  const detail = details[status] ?? 'The request was refused.';
  return new DomainError({ code: codes[status] ?? `http.${status}`, status, detail });
}
