import { DomainError } from '@qingnang/kernel';
import type { z } from 'zod';

export interface PlatformTarget {
  /** Address of the platform, without the `/api` part. */
  platform: string;
  project: string;
  /** API key, or the token of one run. */
  token: string;
}

/** Time, so that tests need none. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface ClientOptions {
  clock: Clock;
  /** So long a request is tried again before it is given up. */
  patienceMs: number;
  /** One try may take so long. */
  requestMs: number;
  log: (line: string) => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;
/** Two requests met at the same rows and this one gave way: the one 409 that passes. */
const BUSY = 'busy';

/** The platform said no, in its own words: trying again would not help. */
export class PlatformRefusal extends DomainError {}

/** The platform could not be reached for as long as we had patience. */
export class UnreachableError extends DomainError {
  constructor(platform: string, why: string, cause: unknown) {
    const detail = `${platform} could not be reached (${why}); what was done is kept, the same command goes on from there.`;
    super({ code: 'training.platform_unreachable', status: 503, detail, retryable: true, cause });
  }
}

export interface PlatformRequest {
  method: 'GET' | 'POST';
  /** Below the project, e.g. `/runs/…/job`. */
  path: string;
  query?: Record<string, string | number>;
  json?: unknown;
  bytes?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  /** Instead of the client's; null leaves it to `fetch`, which gives up when nothing moves for five minutes. */
  limitMs?: number | null;
}

/** Talks to one project of a platform; what fails for a while is tried again with growing pauses. */
export class PlatformClient {
  constructor(
    readonly target: PlatformTarget,
    private readonly options: ClientOptions,
  ) {}

  /** The answer, checked. @throws PlatformRefusal, UnreachableError */
  async json<Schema extends z.ZodType>(schema: Schema, request: PlatformRequest): Promise<z.output<Schema>> {
    return schema.parse(await this.send(request, (response) => response.json()));
  }

  /**
   * Sends a request until it is answered and the answer is read.
   * @param request made anew for each try where it is a function: what came before may shorten it
   * @param read reads the body; when the connection breaks in it, the request is made again
   * @throws PlatformRefusal, UnreachableError
   */
  async send<T>(
    request: PlatformRequest | (() => Promise<PlatformRequest>),
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { clock, patienceMs, log } = this.options;
    // From the first failure on: a download may run for hours before its connection breaks.
    let deadline: number | undefined;
    for (let failures = 0; ; failures++) {
      const outcome = await this.attempt(typeof request === 'function' ? await request() : request, read);
      if ('answer' in outcome) {
        if (failures > 0) log('The platform answers again.');
        return outcome.answer;
      }
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 20), MAX_PAUSE_MS);
      deadline ??= clock.now() + patienceMs;
      if (clock.now() + pause > deadline) {
        throw new UnreachableError(this.target.platform, outcome.why, outcome.cause);
      }
      if (failures === 0) log(`The platform does not answer (${outcome.why}); trying again.`);
      await clock.sleep(pause);
    }
  }

  /** One try. What is the platform's last word is thrown; what may pass is told. */
  private async attempt<T>(
    request: PlatformRequest,
    read: (response: Response) => Promise<T>,
  ): Promise<{ answer: T } | { why: string; cause: unknown }> {
    try {
      const response = await this.fetch(request);
      if (response.ok) return { answer: await read(response) };
      const passing = response.status >= 500 || response.status === 408 || response.status === 429;
      if (!passing) {
        const refusal = await refusalOf(response);
        if (refusal.code !== BUSY) throw refusal;
        return { why: `HTTP ${response.status}, ${BUSY}`, cause: refusal };
      }
      await response.arrayBuffer();
      return { why: `HTTP ${response.status}`, cause: undefined };
    } catch (error) {
      if (!isNetworkFault(error)) throw error;
      return { why: networkWord(error), cause: error };
    }
  }

  private fetch({ method, path, query, json, bytes, headers, limitMs }: PlatformRequest): Promise<Response> {
    const { platform, project, token } = this.target;
    const url = new URL(`${platform.replace(/\/+$/, '')}/api/v1/projects/${encodeURIComponent(project)}${path}`);
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, String(value));
    const body = json === undefined ? bytes : JSON.stringify(json);
    const type = json === undefined ? 'application/octet-stream' : 'application/json';
    return fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': type }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(limitMs === null ? {} : { signal: AbortSignal.timeout(limitMs ?? this.options.requestMs) }),
    });
  }
}

/** Problem details become our own error, with the platform's code and words. */
async function refusalOf(response: Response): Promise<PlatformRefusal> {
  const problem = (await response.json().catch(() => ({}))) as Partial<
    Record<'code' | 'detail' | 'field', string> & { details: Record<string, unknown> }
  >;
  return new PlatformRefusal({
    code: problem.code ?? `http.${response.status}`,
    status: response.status,
    detail: `The platform answers ${response.status}: ${problem.detail ?? response.statusText}`,
    ...(problem.field === undefined ? {} : { field: problem.field }),
    ...(problem.details === undefined ? {} : { details: problem.details }),
  });
}

/** `fetch` fails with a TypeError when there is no connection, and with these names when one breaks or takes too long. */
function isNetworkFault(error: unknown): boolean {
  if (error instanceof DomainError || !(error instanceof Error)) return false;
  const broken = ['TimeoutError', 'AbortError', 'SocketError'].includes(error.name);
  return broken || (error instanceof TypeError && /fetch failed|terminated|network/i.test(error.message));
}

function networkWord(error: unknown): string {
  const { cause, name } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? name;
}
