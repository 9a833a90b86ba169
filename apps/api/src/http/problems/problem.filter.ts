import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import type { Problem } from '@qingnang/contracts';
import { DomainError, stackPlaces } from '@qingnang/kernel';
import type { Response } from 'express';
import { STATUS_CODES } from 'node:http';
import { Logger } from 'pino';
import type { ApiRequest } from '../request.js';
import { fromDatabase, fromHttp } from './foreign-errors.js';

/** The one place where a failure becomes an answer: RFC 9457 problem details with a stable code. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Pick<Logger, 'error'>) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<ApiRequest>();
    const response = host.switchToHttp().getResponse<Response>();
    const known = this.understand(error, request);
    if (response.headersSent) {
      // Half an answer is out: cutting the line is the only way to say that it is not whole.
      response.destroy();
      return;
    }
    const { errors, retryAfter, ...details } = known.details as Record<string, unknown> & Pick<Problem, 'errors'>;
    const problem: Problem = {
      type: `urn:qingnang:problem:${known.code}`,
      title: STATUS_CODES[known.status] ?? 'Error',
      status: known.status,
      code: known.code,
      detail: known.message,
      ...(known.field === undefined ? {} : { field: known.field }),
      ...(errors === undefined ? {} : { errors }),
      ...(Object.keys(details).length === 0 ? {} : { details }),
      requestId: request.id,
    };
    if (typeof retryAfter === 'number') response.setHeader('Retry-After', String(retryAfter));
    response.status(known.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  private understand(error: unknown, request: ApiRequest): DomainError {
    if (error instanceof DomainError) return error;
    if (error instanceof HttpException) return fromHttp(error);
    const known = fromDatabase(error);
    if (known) return known;
    this.logger.error({ requestId: request.id, ...describeFault(error) }, 'request failed');
    return new DomainError({
      code: 'internal',
      status: 500,
      detail: 'Something went wrong on our side and was logged; try again, and quote the request id if it stays.',
    });
  }
}

/** What may be logged of a fault: where it happened, and messages of kinds that name code, not values. */
function describeFault(error: unknown): Record<string, unknown> {
  const { name, code, message } = error as NodeJS.ErrnoException;
  const { table, column, constraint } = (error as { driverError?: Record<string, unknown> }).driverError ?? {};
  const namesCode = error instanceof TypeError || error instanceof ReferenceError;
  return {
    ...{ name, code, table, column, constraint },
    ...(namesCode ? { message } : {}),
    at: stackPlaces(error),
  };
}
