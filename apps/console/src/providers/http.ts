import { ApiError } from './api-error';
import { API_ROOT, readJson, send, type Query, type SendOptions } from './send';
import { currentAccess, getSession, personOf, refreshAccess } from '../session/session';
import { newKey } from './new-key';

export interface ApiOptions extends SendOptions {
  /** Kept by the caller to make a retry after a lost reply harmless; else each POST gets a new one. */
  idempotencyKey?: string;
  /** ETag of what was read; the server refuses the edit when it has changed since. */
  ifMatch?: string;
  /** The person in whose name alone it may go: what one wrote never goes up as another's. */
  as?: string;
}

export interface ApiReply<T> {
  data: T;
  status: number;
  etag: string | null;
  headers: Headers;
}

function withHeaders(options: ApiOptions, token: string): SendOptions {
  const headers: Record<string, string> = { ...options.headers };
  headers.authorization = `Bearer ${token}`;
  if (options.method === 'POST') headers['idempotency-key'] = options.idempotencyKey ?? newKey();
  if (options.ifMatch) headers['if-match'] = options.ifMatch;
  return { ...options, headers };
}

const SIGNED_OUT = 'signed_out';

/** @throws ApiError `signed_out` (401) without asking the server, where nobody or somebody else is signed in */
function mine(token: string | null, as: string | undefined): string {
  const isMine = as === undefined || personOf(getSession())?.id === as;
  if (token === null || !isMine) throw new ApiError(401, { code: SIGNED_OUT });
  return token;
}

/** A signed-in request; on 401 the token is renewed once and the very same request sent again. */
export async function sendSignedIn(path: string, options: ApiOptions = {}): Promise<Response> {
  const fixed =
    options.method === 'POST' ? { ...options, idempotencyKey: options.idempotencyKey ?? newKey() } : options;
  try {
    return await send(path, withHeaders(fixed, mine(await currentAccess(), options.as)));
  } catch (error) {
    if ((error as ApiError).code === SIGNED_OUT || (error as ApiError).status !== 401) throw error;
    return send(path, withHeaders(fixed, mine(await refreshAccess(), options.as)));
  }
}

async function call<T>(path: string, options: ApiOptions): Promise<ApiReply<T>> {
  const response = await sendSignedIn(path, options);
  const data = await readJson<T>(response);
  return { data, status: response.status, etag: response.headers.get('etag'), headers: response.headers };
}

type Rest = Omit<ApiOptions, 'method' | 'body' | 'query'>;

/** The API below `/api/v1`; paths inside a project come from `projectPath('/records')`. */
export const api = {
  get: <T>(path: string, query?: Query, rest: Rest = {}) => call<T>(path, { ...rest, method: 'GET', query }),
  post: <T>(path: string, body?: unknown, rest: Rest = {}) => call<T>(path, { ...rest, method: 'POST', body }),
  put: <T>(path: string, body: unknown, rest: Rest = {}) => call<T>(path, { ...rest, method: 'PUT', body }),
  patch: <T>(path: string, body: unknown, rest: Rest = {}) => call<T>(path, { ...rest, method: 'PATCH', body }),
  delete: <T>(path: string, rest: Rest = {}) => call<T>(path, { ...rest, method: 'DELETE' }),
};

/** Follows an address that the API signed for a minute; the browser streams it to disk. */
export function saveFrom(url: string, name = ''): void {
  const link = document.createElement('a');
  link.href = url.startsWith('/') || url.startsWith('http') ? url : `${API_ROOT}/${url}`;
  link.download = name;
  link.rel = 'noopener';
  document.body.append(link);
  link.click();
  link.remove();
}
