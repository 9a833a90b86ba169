import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { uuidv7 } from '@qingnang/kernel';
import { ACCESS_CHANNEL, EVENT_CHANNEL } from '@qingnang/queue';
import { Client, type Notification } from 'pg';
import { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { LOGGER } from '../http/logger.js';
import { Coalescer } from './coalescer.js';

/** Events kept for a console that was away for a moment. */
const KEPT = 1000;
const RETRY_MS = 1000;
/** Of one topic of a project no more than one in this time: its news say only that it is to be read again. */
const TOPIC_MS = 2_000;

const notice = z.object({ projectId: z.uuid(), topic: z.string(), id: z.string() });
type Notice = z.infer<typeof notice>;

export interface HubEvent {
  /** `<this start of the process>.<n>`; honoured in Last-Event-ID. */
  eventId: string;
  projectId: string;
  topic: string;
  /** The newest of what changed; others may have, too. */
  id: string;
}

/** Hears whose access has changed; null: of some this was missed, so it may be anybody's. */
export type AccessListener = (personId: string | null) => void;

export type HubListener = (event: HubEvent | 'resync') => void;

/**
 * News of all projects, from PostgreSQL's NOTIFY to whoever listens here. Events are hints to read again and may be
 * lost with the line; then everybody is told to read everything again.
 */
@Injectable()
export class EventHub implements OnModuleInit, OnApplicationShutdown {
  private readonly listeners = new Set<HubListener>();
  private readonly accessListeners = new Set<AccessListener>();
  private readonly start = uuidv7();
  private readonly coalescer = new Coalescer<Notice>(TOPIC_MS, (news) => this.tell(news));
  private recent: HubEvent[] = [];
  private count = 0;
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    this.coalescer.clear();
    await this.client?.end().catch(() => undefined);
  }

  /** Calls back for all that comes, and first for what came after `lastEventId`. The result stops it. */
  listen(listener: HubListener, lastEventId: string | undefined): () => void {
    this.listeners.add(listener);
    if (lastEventId !== undefined) this.catchUp(listener, lastEventId);
    return () => this.listeners.delete(listener);
  }

  /** Calls back whenever somebody's access has changed, in whatever process. */
  onAccess(listener: AccessListener): void {
    this.accessListeners.add(listener);
  }

  private catchUp(listener: HubListener, lastEventId: string): void {
    const [start, n] = lastEventId.split('.');
    const missed = this.count - Number(n);
    if (start !== this.start || !(missed >= 0) || missed > this.recent.length) listener('resync');
    else if (missed > 0) this.recent.slice(-missed).forEach(listener);
  }

  private async connect(): Promise<void> {
    const { options } = this.dataSource;
    if (options.type !== 'postgres') throw new Error('PostgreSQL only');
    const client = new Client({ connectionString: options.url, application_name: 'qingnang-events' });
    client.on('error', () => this.retry(client));
    client.on('end', () => this.retry(client));
    client.on('notification', (message) => this.receive(message));
    this.client = client;
    try {
      await client.connect();
      await client.query(`listen ${EVENT_CHANNEL}; listen ${ACCESS_CHANNEL}`);
      this.accessListeners.forEach((listener) => listener(null));
      if (this.count > 0) this.listeners.forEach((listener) => listener('resync'));
    } catch {
      this.retry(client);
    }
  }

  private retry(client: Client): void {
    if (this.closed || client !== this.client) return;
    this.client = undefined;
    this.count += 1;
    this.recent = [];
    this.coalescer.clear();
    this.logger.warn('lost the line for events, trying again');
    void client.end().catch(() => undefined);
    this.timer = setTimeout(() => void this.connect(), RETRY_MS);
  }

  private receive(message: Notification): void {
    if (message.channel === ACCESS_CHANNEL) {
      this.accessListeners.forEach((listener) => listener(message.payload ?? null));
      return;
    }
    const parsed = notice.safeParse(readJson(message.payload));
    if (!parsed.success) return;
    const { projectId, topic } = parsed.data;
    this.coalescer.offer(`${projectId} ${topic}`, parsed.data);
  }

  private tell(news: Notice): void {
    this.count += 1;
    const event = { eventId: `${this.start}.${this.count}`, ...news };
    this.recent.push(event);
    if (this.recent.length > KEPT) this.recent.shift();
    this.listeners.forEach((listener) => listener(event));
  }
}

function readJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
