import type { Origin } from '@qingnang/identity';
import type { ApiRequest } from '../http/request.js';
import { readDeviceCookie } from './cookies.js';

/** Where a request comes from; behind proxies as far as the settings trust them. */
export function originOf(request: ApiRequest): Origin {
  return { address: request.ip ?? 'unknown', device: readDeviceCookie(request), requestId: request.id };
}
