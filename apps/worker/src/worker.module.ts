import { Module } from '@nestjs/common';
import { SettingsModule } from '@qingnang/config';
import { CorpusModule } from '@qingnang/corpus';
import { DatabaseModule } from '@qingnang/database';
import { LlmModule } from '@qingnang/llm';
import { PolishModule } from '@qingnang/polish';
import { ReviewModule } from '@qingnang/review';
import { entities } from './entities.js';
import { handlers } from './handlers.js';

@Module({
  imports: [
    SettingsModule.forRoot(),
    DatabaseModule.forRoot(entities, { applicationName: 'qingnang-worker' }),
    CorpusModule,
    LlmModule,
    PolishModule,
    ReviewModule,
  ],
  providers: [...handlers],
})
export class WorkerModule {}
