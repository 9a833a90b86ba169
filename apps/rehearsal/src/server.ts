import { sha256 } from '@qingnang/kernel';
import { rehearsalTasks } from '@qingnang/llm';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChargeBook, type Charge } from './charges.js';
import { breakText, complete, completionBody, streamCompletion, type Completion } from './completion.js';
import { FAULT_HEADER, faultPlan, FaultPlayer, readFaultHeader, type FaultRule } from './faults.js';
import { HttpError, readJsonBody, sendError, sendJson } from './http.js';

export interface RehearsalOptions {
  /** 0 takes a free one. */
  port: number;
  host: string;
  seed: number;
  faults?: readonly FaultRule[];
  /** Append-only file that keeps the charges over restarts. */
  stateFile?: string;
  /** Tests only: play a model that follows orders found outside the fence. */
  obeysInjections?: boolean;
}

export interface RehearsalServer {
  port: number;
  close(): Promise<void>;
}

const TIMEOUT_MS = 600_000;

/** The rehearsal model: an OpenAI-compatible server of rules, so that the whole loop runs with no key and no network. */
export async function startRehearsalServer(options: RehearsalOptions): Promise<RehearsalServer> {
  const desk = new RehearsalDesk(options);
  const server = createServer((request, response) => {
    desk.handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else if (error instanceof HttpError) sendError(response, error);
      else sendError(response, new HttpError(500, 'internal', 'The rehearsal server failed; its log has the cause.'));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Routes, charges and faults of one server. */
class RehearsalDesk {
  private readonly book: ChargeBook;
  private readonly faults: FaultPlayer;

  constructor(private readonly options: RehearsalOptions) {
    this.book = new ChargeBook(options.stateFile ?? null);
    this.faults = new FaultPlayer(options.seed, options.faults ?? []);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method ?? 'GET'} ${(request.url ?? '/').split('?')[0]!.replace(/\/$/u, '')}`;
    switch (route) {
      case 'GET /health':
        return sendJson(response, 200, { status: 'ok', rehearsal: true });
      case 'GET /v1/models':
        return sendJson(response, 200, { object: 'list', data: rehearsalTasks.map(modelCard) });
      case 'GET /rehearsal/charges':
        return sendJson(response, 200, this.book.summary());
      case 'GET /rehearsal/faults':
        return sendJson(response, 200, { faults: this.faults.plan });
      case 'POST /rehearsal/faults':
        return this.setFaults(await readJsonBody(request), response);
      case 'POST /v1/chat/completions':
        return this.chat(request, response);
      default:
        throw new HttpError(404, 'not_found', `Nothing answers ${route} here.`);
    }
  }

  private setFaults(body: unknown, response: ServerResponse): void {
    const plan = faultPlan.safeParse(body);
    if (!plan.success) throw new HttpError(400, 'invalid_faults', plan.error.issues[0]!.message);
    this.faults.replace(plan.data.faults);
    sendJson(response, 200, { faults: this.faults.plan });
  }

  private async chat(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const made = complete(await readJsonBody(request), this.options.seed, this.options.obeysInjections ?? false);
    const key = headerOf(request, 'idempotency-key');
    const known = this.book.find(key);
    if (known !== null && known.bodyHash !== made.bodyHash)
      throw new HttpError(
        422,
        'idempotency_key_reused',
        'This Idempotency-Key was used for another request; take a new one.',
      );
    const fault = readFaultHeader(headerOf(request, FAULT_HEADER) ?? undefined) ?? this.faults.next(made.request.model);
    refuse(fault);
    const charge = known ?? this.charge(key, made, fault?.kind === 'broken_json');
    if (known !== null) this.book.replayed();
    // Charged, but the answer comes late or never: a client that gives up now cannot know.
    if (fault?.kind === 'delay') await pause(response, fault.delayMs ?? 1_000);
    if (fault?.kind === 'timeout') {
      await pause(response, fault.delayMs ?? TIMEOUT_MS);
      response.destroy();
    }
    if (response.destroyed) return;
    const texts = charge.broken ? made.texts.map(breakText) : made.texts;
    const cut = fault?.kind === 'cut_stream';
    if (made.request.stream) {
      const includeUsage = made.request.stream_options?.include_usage ?? false;
      streamCompletion(response, charge, texts, { includeUsage, cut });
    } else if (cut) response.destroy();
    else sendJson(response, 200, completionBody(charge, texts));
  }

  private charge(key: string | null, made: Completion, broken: boolean): Charge {
    const distinct = key ?? `${this.book.calls}`;
    const charge: Charge = {
      key,
      bodyHash: made.bodyHash,
      id: `chatcmpl-rehearsal-${sha256(`${made.bodyHash}:${distinct}`).slice(0, 24)}`,
      created: Math.floor(Date.now() / 1000),
      model: made.request.model,
      promptTokens: made.promptTokens,
      completionTokens: made.completionTokens,
      broken,
    };
    this.book.add(charge);
    return charge;
  }
}

/** Faults that refuse before anything is charged. */
function refuse(fault: FaultRule | null): void {
  if (fault?.kind === 'rate_limit') {
    const wait = fault.retryAfterMs ?? 50;
    throw new HttpError(429, 'rate_limit_exceeded', 'Too many requests; try again later.', {
      'retry-after-ms': String(wait),
      'retry-after': String(Math.ceil(wait / 1000)),
    });
  }
  if (fault?.kind === 'server_error')
    throw new HttpError(fault.status ?? 500, 'server_error', 'The server had an error.');
}

/** Waits, or less when the client goes away. */
async function pause(response: ServerResponse, milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function modelCard(task: string) {
  return { id: `rehearsal-${task}`, object: 'model', created: 0, owned_by: 'qingnang-rehearsal' };
}
