import { Controller, Get, Inject } from '@nestjs/common';
import { SETTINGS, type Settings } from '@qingnang/config';
import { DomainError } from '@qingnang/kernel';
import { type DiskRoom, diskFullSentence, readDiskRoom } from '@qingnang/storage';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Public } from '../http/access.decorators.js';
import { databaseAway } from '../http/problems/foreign-errors.js';
import { ApiResult } from '../http/result.decorators.js';

const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

@Controller('health')
export class HealthController {
  private room: { at: number; read: Promise<DiskRoom> } | undefined;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** The process answers. */
  @Get('live')
  @Public()
  @ApiResult(health)
  live(): z.infer<typeof health> {
    return { status: 'ok' };
  }

  /** The process can work: the database answers, and there is room to write. */
  @Get('ready')
  @Public()
  @ApiResult(health)
  async ready(): Promise<z.infer<typeof health>> {
    try {
      await this.dataSource.query('select 1');
    } catch (cause) {
      throw databaseAway(cause);
    }
    const room = await this.lookForRoom();
    if (room.full !== null) throw diskFull(room);
    return { status: 'ok' };
  }

  /** Everybody may ask, so the disk is looked at once in two seconds only. */
  private lookForRoom(): Promise<DiskRoom> {
    if (!this.room || Date.now() - this.room.at > FRESH_MS) {
      this.room = { at: Date.now(), read: readDiskRoom(this.settings, this.dataSource) };
    }
    return this.room.read;
  }
}

const FRESH_MS = 2_000;

function diskFull(room: DiskRoom): DomainError {
  return new DomainError({
    code: 'health.disk_full',
    status: 503,
    detail: diskFullSentence(room),
    details: { retryAfter: 60, full: room.full },
    retryable: true,
  });
}
