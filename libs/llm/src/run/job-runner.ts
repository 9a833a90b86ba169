import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { DomainError } from '@qingnang/kernel';
import { enqueue, notify } from '@qingnang/queue';
import { spendDoubts } from '../call/budgets.js';
import { LlmJobEntity } from '../job/llm-job.entity.js';
import type { PurposeRegistry } from '../job/llm-purpose.js';
import { claimAnswered, claimItems, type ClaimedItem, renewLeases } from './claim-items.js';
import type { LlmOptions, OpenJob } from './engine-options.js';
import { openRoles } from './open-roles.js';
import { ItemWorker, type PauseReason } from './item-worker.js';
import { finishJob, nextDueMs, standStill } from './job-progress.js';
import { llmRunJob } from './llm-run.job.js';
import { settleDoubts, skipOpenItems, sweepLeases } from './sweep-leases.js';
import { writeOut } from './write-out.js';

/** After this long a lane ends and queues itself anew, so that no queue job lives long. */
const LANE_MS = 10 * 60_000;
/** A pause longer than this is spent in the queue. */
const PATIENCE_MS = 5_000;
/** How old the picture of job and provider may grow, and leases go unlooked at. */
const LOOK_MS = 500;
/** How long calls in flight may still end when the worker stops. */
const GRACE_MS = 8_000;

export interface Lane {
  jobId: string;
  projectId: string;
  lane: number;
}

/** One lane of a job: claims batches, keeps a bounded number of calls in flight, until nothing is left to do. */
export class JobRunner {
  private readonly running = new Map<string, Promise<void>>();
  private readonly owner: string;
  private readonly worker: ItemWorker;
  /** Aborts calls in flight that outlive the grace of a stop. */
  private readonly calls = new AbortController();
  private failure: unknown;
  private lastNotice = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly purposes: PurposeRegistry,
    private readonly options: LlmOptions,
    private readonly lane: Lane,
    workerId: string,
  ) {
    this.owner = `${workerId}/${randomBytes(4).toString('hex')}`;
    this.worker = new ItemWorker(dataSource, options, this.owner);
    setMaxListeners(options.concurrency + 1, this.calls.signal);
  }

  async run(signal: AbortSignal): Promise<void> {
    const job = await this.dataSource.manager.findOneBy(LlmJobEntity, { id: this.lane.jobId });
    if (!job) return;
    if (job.state === 'running' && !job.startedAt) await writeOut(this.dataSource, this.purposes, job.id);
    const renewal = setInterval(() => void this.renew(), (this.options.leaseSeconds * 1000) / 3);
    try {
      await this.workThrough(signal);
    } finally {
      await this.drain(signal);
      clearInterval(renewal);
    }
    if (this.failure) throw this.failure;
    await this.comeBack(signal);
  }

  private async workThrough(signal: AbortSignal): Promise<void> {
    const end = Date.now() + LANE_MS;
    let open: OpenJob[] | null = null;
    let looked = 0;
    while (!signal.aborted && Date.now() < end && !this.failure) {
      if (!open || Date.now() - looked > LOOK_MS) {
        await this.tidy();
        open = await this.open();
        looked = Date.now();
      }
      if (!open) return;
      await this.refill(open);
      if (this.running.size > 0) {
        await Promise.race([...this.running.values(), sleep(1_000)]);
      } else {
        if (await finishJob(this.dataSource, this.purposes, this.lane.jobId)) return;
        const wait = await nextDueMs(this.dataSource.manager, this.lane.jobId);
        if (wait !== null && wait > PATIENCE_MS) return;
        await sleep(Math.min(Math.max(wait ?? 1_000, 100), 1_000), undefined, { signal }).catch(() => undefined);
        open = null;
      }
      await this.tell();
    }
  }

  private async tidy(): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await sweepLeases(tx, this.lane.jobId);
      await settleDoubts(tx, this.lane.jobId);
    });
  }

  /** The roles of the job with their providers as they are now; null when it no longer runs. */
  private async open(): Promise<OpenJob[] | null> {
    const tx = this.dataSource.manager;
    const job = await tx.findOneByOrFail(LlmJobEntity, { id: this.lane.jobId });
    if (job.state !== 'running') return null;
    try {
      return await openRoles(tx, job, this.purposes, this.options);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.dataSource.transaction((inner) => standStill(inner, job, 'paused', error.code));
      return null;
    }
  }

  private async refill(roles: readonly OpenJob[]): Promise<void> {
    const free = this.options.concurrency - this.running.size;
    // A claim takes the provider's row: not for every single item.
    if (free < Math.ceil(this.options.concurrency / 4)) return;
    const { jobId } = this.lane;
    const claim = { jobId, owner: this.owner, leaseSeconds: this.options.leaseSeconds, limit: free };
    for (const item of await this.dataSource.transaction((tx) => claimAnswered(tx, claim))) {
      const open = roles.find(({ role }) => role === item.role) ?? roles[0]!;
      this.start(item, () => this.heed(open, this.worker.store(open, item)));
    }
    for (const open of roles) {
      const limit = this.options.concurrency - this.running.size;
      if (limit <= 0) return;
      const { role } = open;
      for (const item of await this.dataSource.transaction((tx) => claimItems(tx, { ...claim, role, limit }))) {
        this.start(item, () => this.heed(open, this.worker.ask(open, item, this.calls.signal)));
      }
    }
  }

  /** Pauses the job where what became of an item concerns all of it. */
  private async heed(open: OpenJob, outcome: Promise<PauseReason>): Promise<void> {
    const pause = await outcome;
    if (pause !== null) await this.dataSource.transaction((tx) => standStill(tx, open.job, 'paused', pause));
  }

  private start(item: ClaimedItem, work: () => Promise<void>): void {
    // An item that was lost and taken anew by this same lane is at work twice.
    const place = `${item.id}:${item.fencingToken}`;
    const done = work()
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => this.running.delete(place));
    this.running.set(place, done);
  }

  private async renew(): Promise<void> {
    if (this.running.size === 0) return;
    const { manager } = this.dataSource;
    const ids = [...this.running.keys()].map((place) => place.split(':')[0]!);
    await renewLeases(manager, this.owner, ids, this.options.leaseSeconds).catch(() => undefined);
  }

  /** Lets calls in flight end; when the worker stops, only for a while. */
  private async drain(signal: AbortSignal): Promise<void> {
    const all = Promise.allSettled(this.running.values());
    if (!signal.aborted) {
      await all;
      return;
    }
    const timer = setTimeout(() => this.calls.abort(), GRACE_MS);
    await all;
    clearTimeout(timer);
  }

  /** Screens are told once a second at most. */
  private async tell(): Promise<void> {
    if (Date.now() - this.lastNotice < 1_000) return;
    this.lastNotice = Date.now();
    await notify(this.dataSource.manager, this.lane.projectId, 'llm-jobs', this.lane.jobId);
  }

  /** What is left is left to the queue: at once after a stop, or when the next thing falls due. */
  private async comeBack(signal: AbortSignal): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const job = await tx.findOneByOrFail(LlmJobEntity, { id: this.lane.jobId });
      if (job.state === 'cancelled') await skipOpenItems(tx, job.id);
      await notify(tx, job.projectId, 'llm-jobs', job.id);
      const wait = await nextDueMs(tx, job.id);
      const held = await tx.query<unknown[]>(
        `select from llm_item where job_id = $1 and state in ('in_flight', 'answered') limit 1`,
        [job.id],
      );
      if (job.state !== 'running' && held.length === 0) {
        // Nobody is at work on it any more, so nothing of it stays set aside.
        if (job.state === 'cancelled' || job.state === 'failed') await spendDoubts(tx, job.id);
        return;
      }
      const runAt = new Date(Date.now() + (signal.aborted ? 0 : Math.max(wait ?? 0, 100)));
      await enqueue(tx, llmRunJob, this.lane, { runAt });
    });
  }
}
