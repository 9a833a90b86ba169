import { networkError, toApiError } from './api-error';
import { lookNow, lookWith, noteAnswer, noteSilence } from './connection';

export const API_ROOT = '/api/v1';

export type QueryValue = string | number | boolean | null | undefined | readonly (string | number)[];
export type Query = Record<string, QueryValue>;

/** A list names its key once a value; empty values are left out. */
export function toQueryString(query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const each of values) {
      if (each !== undefined && each !== null && each !== '') search.append(key, String(each));
    }
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

export interface SendOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Query;
  /** Plain values go as JSON; Blob and FormData as they are. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

function encodeBody(body: unknown): { body?: BodyInit; type?: string } {
  if (body === undefined) return {};
  if (body instanceof FormData || body instanceof Blob) return { body };
  return { body: JSON.stringify(body), type: 'application/json' };
}

/** Said by what stands before a server that is away. */
const GATEWAY_FAULTS: ReadonlySet<number> = new Set([502, 504]);

/** One request below `/api/v1`, without sign-in. Throws ApiError for anything but 2xx. */
export async function send(path: string, options: SendOptions = {}): Promise<Response> {
  const { body, type } = encodeBody(options.body);
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  if (type) headers['content-type'] = type;
  let response: Response;
  try {
    response = await fetch(`${API_ROOT}${path}${toQueryString(options.query)}`, {
      method: options.method ?? 'GET',
      headers,
      body,
      signal: options.signal,
      credentials: 'same-origin',
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    noteSilence();
    throw networkError();
  }
  if (GATEWAY_FAULTS.has(response.status)) noteSilence();
  else noteAnswer();
  if (!response.ok) throw await toApiError(response);
  return response;
}

/** JSON of a reply, `undefined` for 204. */
export async function readJson<T>(response: Response): Promise<T> {
  if (response.status === 204 || response.headers.get('content-length') === '0') return undefined as T;
  return (await response.json()) as T;
}

lookWith(() => void send('/health/live').catch(() => undefined));
if (typeof window !== 'undefined') window.addEventListener('online', lookNow);
