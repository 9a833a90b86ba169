import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { DomainError } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { requestLaunch } from '../runs.jobs.js';
import { type ClaimedRun, claimRun } from './claim-run.js';
import { type AttemptEnd, concludeAttempt, type EndedProcess, failRun } from './conclude-attempt.js';
import { type Launcher, type LaunchHandle, launchHandle } from './launcher.js';
import { sweepLostRuns } from './lost-runs.js';
import { type LaunchPlace, prepareAttempt, tokenFile } from './prepare-attempt.js';
import { recordCheckpoints, recordMetrics, recordResumePoint } from './record-progress.js';
import { readResult } from './run-files.js';

export interface DriverTiming {
  /** Between two looks at the trainer and at what people wish. */
  pollMs: number;
  heartbeatMs: number;
  /** How long a trainer may take to save and end. */
  graceMs: number;
  /** When to look again while this worker trains something else. */
  busyMs: number;
}

const usual: DriverTiming = { pollMs: 500, heartbeatMs: 4_000, graceMs: 45_000, busyMs: 5_000 };

/** Works on queued runs, one at a time in a process: wasm trainers would only slow each other down. */
export class RunDriver {
  private busy = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly launcher: Launcher,
    private readonly place: LaunchPlace,
    private readonly timing: DriverTiming = usual,
  ) {}

  /** Takes queued runs until none is left or the worker stops. */
  async work(wish: { projectId: string; runId: string }, signal: AbortSignal): Promise<void> {
    if (this.busy) {
      const later = new Date(Date.now() + this.timing.busyMs);
      await this.dataSource.transaction((tx) => requestLaunch(tx, wish.projectId, wish.runId, later));
      return;
    }
    this.busy = true;
    try {
      await sweepLostRuns(this.dataSource);
      while (!signal.aborted) {
        const run = await this.dataSource.transaction((tx) => claimRun(tx, this.launcher.name));
        if (!run) return;
        await this.attempt(run, signal);
      }
    } finally {
      this.busy = false;
    }
  }

  private async attempt(run: ClaimedRun, signal: AbortSignal): Promise<void> {
    const folder = join(this.place.dataDir, run.folder);
    const end = await this.train(run, folder, signal).catch((error: unknown) => {
      if (error instanceof DomainError) return error;
      throw error;
    });
    await rm(tokenFile(folder), { force: true });
    if (end instanceof DomainError) {
      await this.dataSource.transaction((tx) => failRun(tx, run, `${end.code}: ${end.message}`, null));
      return;
    }
    if (end.kind === 'superseded') return;
    await recordResumePoint(this.dataSource, run, this.place.dataDir);
    await recordMetrics(this.dataSource, run, this.place.dataDir);
    await recordCheckpoints(this.dataSource, run, this.place.dataDir);
    await concludeAttempt(this.dataSource, run, this.place.dataDir, end);
  }

  private async train(run: ClaimedRun, folder: string, signal: AbortSignal): Promise<AttemptEnd> {
    await this.endOrphan(run, signal);
    await this.recordWhatWasLeft(run);
    // A worker may die between the trainer's success and its registration.
    if ((await readResult(folder))?.state === 'succeeded') {
      return { kind: 'ended', exitCode: 0, output: '', asked: null };
    }
    const args = await prepareAttempt(this.dataSource, run, this.place);
    const handle = await this.launcher.start(args);
    await this.dataSource.transaction(async (tx) => {
      await tx.query(`update run_attempt set state = 'running', handle = $2, heartbeat_at = now() where id = $1`, [
        run.attemptId,
        JSON.stringify(handle),
      ]);
      await tx.query(`update run set state = 'running' where id = $1 and state = 'starting'`, [run.id]);
      await notify(tx, run.projectId, 'runs', run.id);
    });
    return this.watch(run, handle, signal);
  }

  /** Two trainers must not write one folder: the one a dead worker left is let go first. */
  private async endOrphan(run: ClaimedRun, signal: AbortSignal): Promise<void> {
    const [before] = await this.dataSource.query<{ handle: unknown }[]>(
      'select handle from run_attempt where run_id = $1 and n < $2 order by n desc limit 1',
      [run.id, run.attempt],
    );
    const handle = launchHandle.safeParse(before?.handle).data;
    if (!handle) return;
    const deadline = Date.now() + this.timing.graceMs;
    let how: 'gently' | 'now' = 'gently';
    while ((await this.launcher.poll(handle)).state === 'running') {
      await this.launcher.stop(handle, how);
      if (Date.now() > deadline || signal.aborted) how = 'now';
      await this.beat(run);
      await sleep(this.timing.pollMs);
    }
  }

  /** A trainer whose worker died saves once more before it ends: that checkpoint is of its attempt, not of this one. */
  private async recordWhatWasLeft(run: ClaimedRun): Promise<void> {
    if (run.attempt === 1) return;
    await recordCheckpoints(this.dataSource, { ...run, attempt: run.attempt - 1 }, this.place.dataDir);
  }

  private async watch(run: ClaimedRun, handle: LaunchHandle, signal: AbortSignal): Promise<AttemptEnd> {
    let asked: EndedProcess['asked'] = null;
    let deadline = Infinity;
    let beaten = Date.now();
    for (;;) {
      const progress = await this.launcher.poll(handle);
      if (progress.state === 'ended') return { kind: 'ended', ...progress, asked };
      const due = Date.now() - beaten > this.timing.heartbeatMs;
      const look = await this.look(run, due);
      if (look === 'superseded') {
        await this.launcher.stop(handle, 'now');
        return { kind: 'superseded' };
      }
      if (due && look.known) {
        beaten = Date.now();
        await this.recordSoFar(run);
      }
      const told = asked;
      asked = look.wish ?? asked ?? (signal.aborted ? 'stop' : null);
      if (told === null && asked !== null) {
        deadline = Date.now() + this.timing.graceMs;
        await this.launcher.stop(handle, 'gently');
      }
      if (Date.now() > deadline) await this.launcher.stop(handle, 'now');
      const wake = asked === null ? { signal } : {};
      await sleep(this.timing.pollMs, undefined, wake).catch(() => undefined);
    }
  }

  /** For people who watch; what fails here is entered at the end of the attempt. */
  private async recordSoFar(run: ClaimedRun): Promise<void> {
    try {
      await recordResumePoint(this.dataSource, run, this.place.dataDir);
      await recordCheckpoints(this.dataSource, run, this.place.dataDir);
    } catch {
      // Tried again with the next heartbeat.
    }
  }

  /** What people wish of the run; a database that is away for a moment does not end a training. */
  private async look(
    run: ClaimedRun,
    beat: boolean,
  ): Promise<'superseded' | { wish: 'pause' | 'cancel' | null; known: boolean }> {
    try {
      if (beat && !(await this.beat(run))) return 'superseded';
      const [row] = await this.dataSource.query<{ wish: 'pause' | 'cancel' | null }[]>(
        'select wish from run where id = $1',
        [run.id],
      );
      return { wish: row?.wish ?? null, known: true };
    } catch {
      return { wish: null, known: false };
    }
  }

  private async beat(run: ClaimedRun): Promise<boolean> {
    const alive = await this.dataSource.query<unknown[]>(
      `with alive as (update run_attempt set heartbeat_at = now() where id = $1 and state in ('starting', 'running')
         returning 1) select from alive`,
      [run.attemptId],
    );
    return alive.length > 0;
  }
}
