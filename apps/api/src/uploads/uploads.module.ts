import { Module } from '@nestjs/common';
import { CorpusModule } from '@qingnang/corpus';
import { UploadsController } from './uploads.controller.js';

@Module({ imports: [CorpusModule], controllers: [UploadsController] })
export class UploadsModule {}
