import { Inject, Injectable } from '@nestjs/common';
import { KEYS, type Keys } from '@qingnang/config';
import type { Actor, DownloadTicket } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Readable } from 'node:stream';
import { z } from 'zod';

const LIFE_MS = 60_000;

const claims = z.object({
  kind: z.string(),
  id: z.string(),
  projectId: z.uuid(),
  actorId: z.string(),
  params: z.record(z.string(), z.string()),
  until: z.int(),
});
export type DownloadClaims = z.infer<typeof claims>;

export interface Download {
  fileName: string;
  contentType: string;
  stream: Readable;
  /** Where it is known beforehand. */
  bytes?: number;
}

export type DownloadHandler = (claims: DownloadClaims) => Promise<Download>;

/**
 * Addresses of files that need no header, good for a minute: a browser can stream them to disk. Each area registers
 * how its kinds of files are opened.
 */
@Injectable()
export class DownloadTickets {
  private readonly handlers = new Map<string, DownloadHandler>();

  constructor(@Inject(KEYS) private readonly keys: Keys) {}

  /** Called once per kind, when the module of the area starts. */
  handle(kind: string, handler: DownloadHandler): void {
    if (this.handlers.has(kind)) throw new Error(`download kind ${kind} is taken`);
    this.handlers.set(kind, handler);
  }

  /** The caller has checked that the actor may have it. */
  issue(actor: Actor, file: { kind: string; id: string; params?: Record<string, string> }): DownloadTicket {
    if (!this.handlers.has(file.kind)) throw new Error(`no one opens downloads of kind ${file.kind}`);
    const until = Date.now() + LIFE_MS;
    const { projectId, id: actorId } = actor;
    const body = JSON.stringify({ kind: file.kind, id: file.id, params: file.params ?? {}, projectId, actorId, until });
    const text = Buffer.from(body).toString('base64url');
    return { url: `/api/v1/downloads?ticket=${text}.${this.sign(text)}`, expiresAt: new Date(until).toISOString() };
  }

  /** @throws DomainError 403 for a ticket that is forged or over. */
  async open(ticket: string): Promise<Download> {
    const [text = '', signature = ''] = ticket.split('.');
    const given = Buffer.from(signature);
    const right = Buffer.from(this.sign(text));
    if (given.length !== right.length || !timingSafeEqual(given, right)) throw badTicket();
    const read = claims.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    const handler = this.handlers.get(read.kind);
    if (read.until < Date.now() || !handler) throw badTicket();
    return handler(read);
  }

  private sign(text: string): string {
    return createHmac('sha256', this.keys.signingKey).update(`download:${text}`).digest('base64url');
  }
}

function badTicket(): DomainError {
  const detail = 'This download address is good for a minute only: ask for a new one.';
  return new DomainError({ code: 'download.bad_ticket', status: 403, detail });
}
