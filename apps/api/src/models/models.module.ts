import { Module } from '@nestjs/common';
import { RunsModule } from '@qingnang/runs';
import { ModelsController } from './models.controller.js';

@Module({ imports: [RunsModule], controllers: [ModelsController] })
export class ModelsModule {}
