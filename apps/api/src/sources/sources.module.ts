import { Module } from '@nestjs/common';
import { CorpusModule } from '@qingnang/corpus';
import { SourcesController } from './sources.controller.js';

@Module({ imports: [CorpusModule], controllers: [SourcesController] })
export class SourcesModule {}
