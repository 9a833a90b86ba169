import { Module } from '@nestjs/common';
import { RunsModule } from '@qingnang/runs';
import { SchedulesController } from './schedules.controller.js';

@Module({ imports: [RunsModule], controllers: [SchedulesController] })
export class SchedulesModule {}
