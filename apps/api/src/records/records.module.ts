import { Module } from '@nestjs/common';
import { CorpusModule } from '@qingnang/corpus';
import { RecordsController } from './records.controller.js';

@Module({ imports: [CorpusModule], controllers: [RecordsController] })
export class RecordsModule {}
