import { Module } from '@nestjs/common';
import { SettingsModule } from '@qingnang/config';
import { CorpusModule } from '@qingnang/corpus';
import { DatabaseModule } from '@qingnang/database';
import { entities } from './entities.js';
import { handlers } from './handlers.js';

@Module({
  imports: [
    SettingsModule.forRoot(),
    DatabaseModule.forRoot(entities, { applicationName: 'qingnang-worker' }),
    CorpusModule,
  ],
  providers: [...handlers],
})
export class WorkerModule {}
