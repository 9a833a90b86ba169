import { type DynamicModule, Module } from '@nestjs/common';
import { type Keys, type Settings, SettingsModule } from '@qingnang/config';
import { DatabaseModule } from '@qingnang/database';
import type { Logger } from 'pino';
import { AdjudicationsModule } from './adjudications/adjudications.module.js';
import { AnswersModule } from './answers/answers.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { ApprovalRulesModule } from './approval-rules/approval-rules.module.js';
import { AuditEntriesModule } from './audit-entries/audit-entries.module.js';
import { AuthModule } from './auth/auth.module.js';
import { BulkJobsModule } from './bulk-jobs/bulk-jobs.module.js';
import { CandidatesModule } from './candidates/candidates.module.js';
import { ChatModule } from './chat/chat.module.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { EvaluationsModule } from './evaluations/evaluations.module.js';
import { SuitesModule } from './suites/suites.module.js';
import { DownloadsModule } from './downloads/downloads.module.js';
import { entities } from './entities.js';
import { EventsModule } from './events/events.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { InvitesModule } from './invites/invites.module.js';
import { JudgementsModule } from './judgements/judgements.module.js';
import { LlmJobsModule } from './llm-jobs/llm-jobs.module.js';
import { MeModule } from './me/me.module.js';
import { MembersModule } from './members/members.module.js';
import { ModelsModule } from './models/models.module.js';
import { PeopleModule } from './people/people.module.js';
import { ProjectsModule } from './projects/projects.module.js';
import { PromptTemplatesModule } from './prompt-templates/prompt-templates.module.js';
import { PromptsModule } from './prompts/prompts.module.js';
import { ProvidersModule } from './providers/providers.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { RecordsModule } from './records/records.module.js';
import { ReferencesModule } from './references/references.module.js';
import { SnapshotsModule } from './snapshots/snapshots.module.js';
import { RunsModule } from './runs/runs.module.js';
import { SchedulesModule } from './schedules/schedules.module.js';
import { SourcesModule } from './sources/sources.module.js';
import { TaskSetsModule } from './task-sets/task-sets.module.js';
import { UploadsModule } from './uploads/uploads.module.js';
import { WebhookModule } from './webhook/webhook.module.js';
import { WorkModule } from './work/work.module.js';

/** One line a resource. */
const resources = [
  AdjudicationsModule,
  AnswersModule,
  ApiKeysModule,
  ApprovalRulesModule,
  AuditEntriesModule,
  AuthModule,
  BulkJobsModule,
  ChatModule,
  CandidatesModule,
  DashboardModule,
  EvaluationsModule,
  SuitesModule,
  DownloadsModule,
  EventsModule,
  HealthModule,
  ImportsModule,
  InvitesModule,
  JudgementsModule,
  LlmJobsModule,
  MeModule,
  MembersModule,
  ModelsModule,
  PeopleModule,
  ProjectsModule,
  PromptTemplatesModule,
  PromptsModule,
  ProvidersModule,
  RecordsModule,
  ReferencesModule,
  SnapshotsModule,
  RunsModule,
  SchedulesModule,
  SourcesModule,
  TaskSetsModule,
  UploadsModule,
  WebhookModule,
  WorkModule,
];

export interface AppOptions {
  settings: Settings;
  keys: Keys;
  logger: Logger;
  /** Under test: faults that are only logged in service fail. */
  strict: boolean;
}

@Module({})
export class AppModule {
  static forRoot(options: AppOptions): DynamicModule {
    const { settings, keys } = options;
    const url = settings.databaseUrl;
    return {
      module: AppModule,
      imports: [
        SettingsModule.forRoot({ settings, keys }),
        DatabaseModule.forRoot(entities, {
          applicationName: 'qingnang-api',
          statementSeconds: settings.requestSeconds,
          ...(url === undefined ? {} : { url }),
        }),
        HttpModule.forRoot(options),
        ...resources,
      ],
    };
  }
}
