import { Module } from '@nestjs/common';
import { SettingsModule } from '@qingnang/config';
import { CorpusModule } from '@qingnang/corpus';
import { DatabaseModule } from '@qingnang/database';
import { DistillModule } from '@qingnang/distill';
import { LlmModule } from '@qingnang/llm';
import { PolishModule } from '@qingnang/polish';
import { PreferenceModule } from '@qingnang/preference';
import { ReviewModule } from '@qingnang/review';
import { EvaluationModule } from '@qingnang/evaluation';
import { RunsModule } from '@qingnang/runs';
import { SnapshotModule } from '@qingnang/snapshot';
import { StorageModule } from '@qingnang/storage';
import { Caretaker } from './runs/caretaker.js';
import { entities } from './entities.js';
import { handlers } from './handlers.js';

@Module({
  imports: [
    SettingsModule.forRoot(),
    // A worker that was stopped in the middle of a transaction must not keep its rows from those who go on.
    DatabaseModule.forRoot(entities, { applicationName: 'qingnang-worker', idleTransactionMs: 60_000 }),
    CorpusModule,
    LlmModule,
    PolishModule,
    DistillModule,
    PreferenceModule,
    ReviewModule,
    SnapshotModule,
    StorageModule,
    RunsModule,
    EvaluationModule,
  ],
  providers: [...handlers, Caretaker],
})
export class WorkerModule {}
