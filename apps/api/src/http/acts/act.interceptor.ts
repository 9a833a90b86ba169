import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { currentAct, type RequestKey } from '@qingnang/audit';
import { DomainError } from '@qingnang/kernel';
import type { Response } from 'express';
import { catchError, finalize, from, mergeMap, type Observable, of } from 'rxjs';
import { Logger } from 'pino';
import { NOT_AUDITED, SAFE_TO_REPEAT } from '../act.decorators.js';
import { IdempotencyKeys, type KeyedRequest, RENEW_MS } from './idempotency-keys.js';
import { LOGGER, STRICT } from '../logger.js';
import type { ApiRequest } from '../request.js';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Around every changing request: its idempotency key, and the rule that an act leaves an audit entry. */
@Injectable()
export class ActInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: IdempotencyKeys,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(STRICT) private readonly strict: boolean,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    if (READING.has(request.method)) return next.handle();
    const answer = () => next.handle().pipe(mergeMap((body) => from(this.checkAudited(context, request, body))));
    const keyed = request.method === 'POST' ? this.keys.read(request) : null;
    if (!keyed) return answer();
    if (this.reflector.get<boolean | undefined>(SAFE_TO_REPEAT, context.getHandler())) {
      const act = currentAct();
      if (act) act.key = this.keyOf(keyed);
      return from(this.keys.check(keyed)).pipe(mergeMap(answer));
    }
    return from(this.keys.begin(keyed)).pipe(
      mergeMap((done) => (done ? this.replay(context, done) : this.once(context, keyed, answer))),
    );
  }

  private keyOf(keyed: KeyedRequest): RequestKey {
    return {
      made: async (tx) => {
        const id = await this.keys.made(tx, keyed);
        // Nothing is done again: the entry of the first time stands.
        const act = currentAct();
        if (id !== null && act) act.audited = true;
        return id;
      },
      keep: (tx, id, until) => this.keys.keep(tx, keyed, id, until),
    };
  }

  private once(context: ExecutionContext, keyed: KeyedRequest, answer: () => Observable<unknown>): Observable<unknown> {
    const act = currentAct();
    if (act) act.markDone = (tx, subjectId) => this.keys.markDone(tx, keyed, subjectId, act.contentHash);
    const renewing = setInterval(() => void this.keys.renew(keyed), RENEW_MS);
    const response = context.switchToHttp().getResponse<Response>();
    return answer().pipe(
      mergeMap(async (body) => {
        await this.keys.finish(keyed, response.statusCode, (body as { id?: unknown } | undefined)?.id);
        return body;
      }),
      catchError(async (error: unknown) => {
        await this.keys.giveUp(keyed);
        throw error;
      }),
      finalize(() => clearInterval(renewing)),
    );
  }

  private replay(context: ExecutionContext, done: { status: number; resourceId: string | null }): Observable<unknown> {
    const response = context.switchToHttp().getResponse<Response>();
    if (done.status !== 204 && done.resourceId === null) throw notKept();
    response.status(done.status).setHeader('Idempotent-Replay', 'true');
    return of(done.status === 204 ? undefined : { id: done.resourceId });
  }

  private async checkAudited(context: ExecutionContext, request: ApiRequest, body: unknown): Promise<unknown> {
    const exempt = this.reflector.get<string | undefined>(NOT_AUDITED, context.getHandler());
    if (exempt !== undefined || currentAct()?.audited !== false) return body;
    this.logger.error({ method: request.method, route: request.route?.path as unknown }, 'act without audit entry');
    if (this.strict) {
      throw new DomainError({
        code: 'audit.missing',
        status: 500,
        detail: 'This act wrote no audit entry and is not exempt.',
      });
    }
    return body;
  }
}

/** Done once, and what was answered then was words: those are not kept under keys. */
function notKept(): DomainError {
  return new DomainError({
    code: 'idempotency.not_kept',
    status: 409,
    detail:
      'This was done under this Idempotency-Key, and its answer is not kept: read what it changed, or use a new key.',
  });
}
