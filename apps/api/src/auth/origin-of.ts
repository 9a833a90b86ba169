import type { Origin } from '@qingnang/identity';
import type { ApiRequest } from '../http/request.js';

/** Where a request comes from; behind proxies as far as the settings trust them. */
export function originOf(request: ApiRequest): Origin {
  return { address: request.ip ?? 'unknown', requestId: request.id };
}
