import { ApiError, networkError, type Problem } from './api-error';
import { newKey } from './new-key';
import { API_ROOT } from './send';
import { currentAccess } from '../session/session';

export interface UploadOptions {
  method?: 'POST' | 'PUT';
  headers?: Record<string, string>;
  /** Bytes sent so far, of how many. */
  onProgress?: (sent: number, total: number) => void;
  signal?: AbortSignal;
}

function problemOf(request: XMLHttpRequest): Problem {
  try {
    return JSON.parse(request.responseText) as Problem;
  } catch {
    return {};
  }
}

/** Streams a file up with progress, which `fetch` cannot tell. FormData goes as multipart, a File as its bytes. */
export async function upload<T>(path: string, body: File | Blob | FormData, options: UploadOptions = {}): Promise<T> {
  const token = await currentAccess();
  if (token === null) throw new ApiError(401, { code: 'signed_out' });
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(options.method ?? 'POST', `${API_ROOT}${path}`);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('authorization', `Bearer ${token}`);
    request.setRequestHeader('idempotency-key', newKey());
    for (const [name, value] of Object.entries(options.headers ?? {})) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', (event) => options.onProgress?.(event.loaded, event.total));
    request.addEventListener('error', () => reject(networkError()));
    request.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
    request.addEventListener('load', () => {
      if (request.status >= 400) reject(new ApiError(request.status, problemOf(request)));
      else resolve((request.responseText === '' ? undefined : JSON.parse(request.responseText)) as T);
    });
    options.signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}
