import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  StandardSchemaSerializerInterceptor,
  StreamableFile,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { map, type Observable } from 'rxjs';

function plainDates(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainDates);
  if (value === null || typeof value !== 'object') return value;
  // Files and streams pass as they are; rows, entities and plain objects are walked.
  if (value instanceof StreamableFile || ArrayBuffer.isView(value) || 'pipe' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainDates(inner)]));
}

/** Sends only what the response schema names; dates as ISO strings; `revision` also as the ETag that If-Match wants. */
@Injectable()
export class SerializerInterceptor extends StandardSchemaSerializerInterceptor {
  constructor(reflector: Reflector) {
    super(reflector);
  }

  /** Says which field of our own answer is wrong, and nothing of its value. */
  override async transformToPlain(
    ...[body, schema, options]: Parameters<StandardSchemaSerializerInterceptor['transformToPlain']>
  ): ReturnType<StandardSchemaSerializerInterceptor['transformToPlain']> {
    const result = await schema['~standard'].validate(body, options);
    if (!result.issues) return result.value as Awaited<ReturnType<typeof this.transformToPlain>>;
    const faults = result.issues.map(({ path, message }) => `${path?.join('.')}: ${message}`);
    throw new TypeError(`The answer does not fit its schema at ${faults.join('; ')}`);
  }

  override intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const plain: CallHandler = { handle: () => next.handle().pipe(map(plainDates)) };
    return (super.intercept(context, plain) as Observable<unknown>).pipe(
      map((body) => {
        const revision = (body as { revision?: unknown } | null | undefined)?.revision;
        const response = context.switchToHttp().getResponse<Response>();
        if (typeof revision === 'number' && !response.headersSent) response.setHeader('ETag', `"${revision}"`);
        return body;
      }),
    );
  }
}
