import { Controller, Get } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Public } from '../http/access.decorators.js';
import { databaseAway } from '../http/problems/foreign-errors.js';
import { ApiResult } from '../http/result.decorators.js';

const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

@Controller('health')
export class HealthController {
  constructor(private readonly dataSource: DataSource) {}

  /** The process answers. */
  @Get('live')
  @Public()
  @ApiResult(health)
  live(): z.infer<typeof health> {
    return { status: 'ok' };
  }

  /** The process can work: the database answers. */
  @Get('ready')
  @Public()
  @ApiResult(health)
  async ready(): Promise<z.infer<typeof health>> {
    try {
      await this.dataSource.query('select 1');
    } catch (cause) {
      throw databaseAway(cause);
    }
    return { status: 'ok' };
  }
}
