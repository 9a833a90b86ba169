import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SETTINGS, type Settings } from '@qingnang/config';
import { foldTally } from '@qingnang/database';
import { dropExpiredPayloads } from '@qingnang/llm';
import { stopFaultyRules } from '@qingnang/review';
import { fireSchedules, removeAbandonedParts, ServerKeeper, sweepLostRuns } from '@qingnang/runs';
import { DataSource } from 'typeorm';

const TICK_MS = 1_000;
const SWEEP_TICKS = 5;

/**
 * What is looked after between jobs: kept counts are folded; child processes: model servers that are wanted, runs whose
 * worker is gone; schedules that are due, halves of uploads, texts past their retention, rules that spot checks speak
 * against.
 */
@Injectable()
export class Caretaker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly keeper: ServerKeeper;
  private timer: NodeJS.Timeout | undefined;
  private tick: Promise<void> = Promise.resolve();
  private ticks = 0;
  private stopped = false;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    const workerId = `worker-${process.pid}-${randomBytes(4).toString('hex')}`;
    this.keeper = new ServerKeeper(dataSource, settings.dataDir, workerId);
  }

  onApplicationBootstrap(): void {
    this.next();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.tick;
    await this.keeper.stop();
  }

  private next(): void {
    this.timer = setTimeout(() => {
      this.tick = this.look().finally(() => {
        if (!this.stopped) this.next();
      });
    }, TICK_MS);
  }

  private async look(): Promise<void> {
    try {
      await foldTally(this.dataSource);
      await this.keeper.tick();
      if (this.ticks++ % SWEEP_TICKS !== 0) return;
      await sweepLostRuns(this.dataSource);
      await fireSchedules(this.dataSource, new Date());
      await removeAbandonedParts(this.dataSource, this.settings.dataDir);
      await dropExpiredPayloads(this.dataSource);
      await stopFaultyRules(this.dataSource);
    } catch {
      // The database is away; the next tick tries again.
    }
  }
}
