import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { DomainError } from '@qingnang/kernel';
import { z } from 'zod';

const problem = z.object({
  code: z.string().default('http.failed'),
  detail: z.string().default(''),
  field: z.string().optional(),
});

/** What the command line asks of a running platform, with an API key. */
export class ApiClient {
  constructor(
    private readonly address: string,
    private readonly project: string,
    private readonly key: string,
  ) {}

  get<T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> {
    return this.send(path, schema, { method: 'GET' });
  }

  post<T extends z.ZodType>(path: string, body: unknown, schema: T): Promise<z.infer<T>> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    return this.send(path, schema, { method: 'POST', body: JSON.stringify(body), headers });
  }

  /** The body is the file itself, streamed. */
  upload<T extends z.ZodType>(path: string, content: Readable, schema: T): Promise<z.infer<T>> {
    const headers = { 'content-type': 'application/octet-stream' };
    // Node's fetch takes a stream as body and then wants `duplex` said; the DOM type knows neither.
    const streamed = { body: content, duplex: 'half' } as unknown as RequestInit;
    return this.send(path, schema, { method: 'POST', headers, ...streamed });
  }

  /** @throws DomainError with the code and sentence the API answered, or `cli.unreachable`. */
  private async send<T extends z.ZodType>(path: string, schema: T, request: RequestInit): Promise<z.infer<T>> {
    const url = `${this.address}/api/v1/projects/${encodeURIComponent(this.project)}/${path}`;
    const headers = { ...request.headers, authorization: `Bearer ${this.key}` };
    const response = await fetch(url, { ...request, headers }).catch((cause: unknown) => {
      const detail = `Nothing answers at ${this.address}; start the platform, or name its address with --url.`;
      throw new DomainError({ code: 'cli.unreachable', status: 503, detail, cause });
    });
    const body: unknown = await response.json().catch(() => ({}));
    if (response.ok) return schema.parse(body);
    const { code, detail, field } = problem.parse(body);
    throw new DomainError({
      code,
      status: response.status,
      detail: detail || `The API answered ${response.status}.`,
      ...(field ? { field } : {}),
    });
  }
}
