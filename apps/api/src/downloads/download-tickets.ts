import { Inject, Injectable } from '@nestjs/common';
import { KEYS, type Keys } from '@qingnang/config';
import { type Action, type Actor, type DownloadTicket, may, type Resource } from '@qingnang/contracts';
import { AccessLeases, Authenticator } from '@qingnang/identity';
import { DomainError } from '@qingnang/kernel';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Readable } from 'node:stream';
import { z } from 'zod';

const LIFE_SECONDS = 60;

const claims = z.object({
  kind: z.string(),
  id: z.string(),
  projectId: z.uuid(),
  leaseId: z.uuid(),
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

/** A file that was opened, for whom and by which right. */
export interface OpenDownload {
  file: Download;
  actor: Actor;
  right: DownloadRight;
}

export interface DownloadRight {
  resource: Resource;
  action: Action;
}

export type DownloadHandler = (claims: DownloadClaims) => Promise<Download>;

/**
 * Addresses of files that need no header, good for a minute and for as long as whoever asked may have the file: a browser
 * can stream them to disk. Each area registers how its kinds of files are opened, and by which right.
 */
@Injectable()
export class DownloadTickets {
  private readonly handlers = new Map<string, { right: DownloadRight; open: DownloadHandler }>();

  constructor(
    @Inject(KEYS) private readonly keys: Keys,
    private readonly leases: AccessLeases,
    private readonly authenticator: Authenticator,
  ) {}

  /** Called once per kind, when the module of the area starts. */
  handle(kind: string, right: DownloadRight, open: DownloadHandler): void {
    if (this.handlers.has(kind)) throw new Error(`download kind ${kind} is taken`);
    this.handlers.set(kind, { right, open });
  }

  /** The caller has checked that the actor may have it. */
  async issue(
    actor: Actor,
    file: { kind: string; id: string; params?: Record<string, string> },
  ): Promise<DownloadTicket> {
    if (!this.handlers.has(file.kind)) throw new Error(`no one opens downloads of kind ${file.kind}`);
    const until = Date.now() + LIFE_SECONDS * 1000;
    const leaseId = await this.leases.open(actor, 'download', LIFE_SECONDS);
    const { kind, id, params = {} } = file;
    const body = JSON.stringify({ kind, id, params, projectId: actor.projectId, leaseId, until });
    const text = Buffer.from(body).toString('base64url');
    return { url: `/api/v1/downloads?ticket=${text}.${this.sign(text)}`, expiresAt: new Date(until).toISOString() };
  }

  /** @throws DomainError 403 for a ticket that is forged or over, or of somebody who may not have the file any more. */
  async open(ticket: string): Promise<OpenDownload> {
    const [text = '', signature = ''] = ticket.split('.');
    const given = Buffer.from(signature);
    const signed = Buffer.from(this.sign(text));
    if (given.length !== signed.length || !timingSafeEqual(given, signed)) throw badTicket();
    const read = claims.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    const handler = this.handlers.get(read.kind);
    if (read.until < Date.now() || !handler) throw badTicket();
    const lease = await this.leases.find(read.leaseId);
    const actor = lease && (await this.authenticator.holderOf(lease));
    const { right } = handler;
    if (!actor || !may(actor, right.resource, right.action)) throw badTicket();
    return { file: await handler.open(read), actor, right };
  }

  private sign(text: string): string {
    return createHmac('sha256', this.keys.signingKey).update(`download:${text}`).digest('base64url');
  }
}

function badTicket(): DomainError {
  const detail = 'This download address is good for a minute only: ask for a new one.';
  return new DomainError({ code: 'download.bad_ticket', status: 403, detail });
}
