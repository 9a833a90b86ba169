import { Module } from '@nestjs/common';
import { RunsModule } from '@qingnang/runs';
import { DashboardController } from './dashboard.controller.js';
import { DashboardDesk } from './dashboard.desk.js';

@Module({ imports: [RunsModule], controllers: [DashboardController], providers: [DashboardDesk] })
export class DashboardModule {}
