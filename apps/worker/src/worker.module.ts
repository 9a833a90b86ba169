import { Module } from '@nestjs/common';
import { SettingsModule } from '@qingnang/config';
import { CorpusModule } from '@qingnang/corpus';
import { DatabaseModule } from '@qingnang/database';
import { ReviewModule } from '@qingnang/review';
import { entities } from './entities.js';
import { handlers } from './handlers.js';

@Module({
  imports: [
    SettingsModule.forRoot(),
    DatabaseModule.forRoot(entities, { applicationName: 'qingnang-worker' }),
    CorpusModule,
    ReviewModule,
  ],
  providers: [...handlers],
})
export class WorkerModule {}
