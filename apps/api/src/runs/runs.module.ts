import { Module } from '@nestjs/common';
import { RunsModule as RunsLibrary } from '@qingnang/runs';
import { RunsController } from './runs.controller.js';

@Module({ imports: [RunsLibrary], controllers: [RunsController] })
export class RunsModule {}
