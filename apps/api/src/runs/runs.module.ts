import { Module } from '@nestjs/common';
import { RunsModule as RunsLibrary } from '@qingnang/runs';
import { OutsideRunsController } from './outside-runs.controller.js';
import { RunsController } from './runs.controller.js';

@Module({ imports: [RunsLibrary], controllers: [OutsideRunsController, RunsController] })
export class RunsModule {}
