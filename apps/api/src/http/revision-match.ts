import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { DomainError } from '@qingnang/kernel';
import type { ApiRequest } from './request.js';

function readRevision(header: string | undefined): number {
  if (header === undefined || header.trim() === '') {
    throw new DomainError({
      code: 'revision.missing',
      status: 428,
      field: 'If-Match',
      detail: 'Send the ETag of what you read as If-Match, so that nobody else’s change is overwritten.',
    });
  }
  const match = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header.trim());
  if (!match) {
    throw new DomainError({
      code: 'revision.stale',
      status: 412,
      field: 'If-Match',
      detail: 'This If-Match is no ETag of this resource: read it again.',
    });
  }
  return Number(match[1]);
}

const Revision = createParamDecorator((_: unknown, context: ExecutionContext): number =>
  readRevision(context.switchToHttp().getRequest<ApiRequest>().header('if-match')),
);

/** The revision named by If-Match; 428 without one. The service throws 412 `revision.stale` where it differs. */
export function RevisionMatch(): ParameterDecorator {
  return (target, key, index) => {
    Revision()(target, key, index);
    const method = Object.getOwnPropertyDescriptor(target, key!);
    if (method)
      ApiHeader({ name: 'If-Match', required: true, description: 'ETag of what was read' })(target, key!, method);
  };
}
