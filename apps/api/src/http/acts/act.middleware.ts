import { withAct } from '@qingnang/audit';
import { uuidv7 } from '@qingnang/kernel';
import type { NextFunction, Request, Response } from 'express';
import type { IncomingMessage } from 'node:http';
import type { ApiRequest } from '../request.js';

/** The caller's request id where it is a plain one, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : uuidv7();
}

/** Everything a request sets going knows the request's id, down to the audit entry. */
export function actMiddleware(request: Request, response: Response, next: NextFunction): void {
  const requestId = (request as ApiRequest).id;
  response.setHeader('X-Request-Id', requestId);
  // Answers may hold patients' words and keys: no proxy and no browser keeps them.
  if (request.path.startsWith('/api/')) response.setHeader('Cache-Control', 'no-store');
  withAct({ requestId, audited: false }, next);
}
