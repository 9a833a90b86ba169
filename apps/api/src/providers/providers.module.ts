import { Module } from '@nestjs/common';
import { LlmModule } from '@qingnang/llm';
import { ProvidersController } from './providers.controller.js';
import { ProvidersDesk } from './providers.desk.js';

@Module({ imports: [LlmModule], controllers: [ProvidersController], providers: [ProvidersDesk] })
export class ProvidersModule {}
