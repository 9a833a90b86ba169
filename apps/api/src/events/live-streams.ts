import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type Action, type Actor, may, personBehind, type Resource } from '@qingnang/contracts';
import { AccessLeases, Authenticator } from '@qingnang/identity';
import type { Response } from 'express';
import { EventHub } from './event-hub.js';

/** How often an open stream is looked at without news, and how long its row stands without that. */
const LOOK_MS = 20_000;
const LEASE_SECONDS = 60;

export interface Held {
  actor: Actor;
  /** Of a person: the sign-in it was opened with. It ends with that. */
  familyId?: string | undefined;
  right: { resource: Resource; action: Action };
  /** Told who it is and what they may do, whenever that has been looked at again. */
  onActor?: (actor: Actor) => void;
}

interface Live extends Held {
  leaseId: string;
  response: Response;
}

/**
 * Answers that go on after their request was let in: news, words of a model, files on their way. Whoever loses the right to
 * one loses it at once, whichever process they removed them in: by the news of it, and after a lost line by looking again.
 */
@Injectable()
export class LiveStreams implements OnModuleInit, OnModuleDestroy {
  private readonly open = new Set<Live>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly hub: EventHub,
    private readonly leases: AccessLeases,
    private readonly authenticator: Authenticator,
  ) {}

  onModuleInit(): void {
    this.hub.onAccess(
      (personId) => void this.lookAt((live) => personId === null || personBehind(live.actor) === personId),
    );
    this.timer = setInterval(() => void this.lookAt(() => true), LOOK_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Holds the answer open for as long as its caller may have it. Once at the start it is looked at too: they may have lost it since. */
  async hold(response: Response, held: Held): Promise<void> {
    const live = { ...held, response, leaseId: await this.leases.open(held.actor, 'stream', LEASE_SECONDS) };
    const release = (): void => {
      this.open.delete(live);
      void this.leases.close(live.leaseId).catch(() => undefined);
    };
    if (response.destroyed || response.writableEnded) return release();
    this.open.add(live);
    response.once('close', release);
    await this.look(live);
  }

  private async lookAt(which: (live: Live) => boolean): Promise<void> {
    await Promise.all([...this.open].filter(which).map((live) => this.look(live)));
  }

  /** A database that is away for a moment ends nothing: the next look tells. */
  private async look(live: Live): Promise<void> {
    const { projectId, kind, id } = live.actor;
    const who = { projectId, personId: personBehind(live.actor)!, apiKeyId: kind === 'api_key' ? id : null };
    try {
      const actor = await this.authenticator.holderOf({ ...who, familyId: live.familyId ?? null });
      const held = await this.leases.renew(live.leaseId, LEASE_SECONDS);
      if (!held || !actor || !may(actor, live.right.resource, live.right.action)) live.response.destroy();
      else {
        live.actor = actor;
        live.onActor?.(actor);
      }
    } catch {
      return;
    }
  }
}
