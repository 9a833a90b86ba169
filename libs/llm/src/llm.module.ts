import { Module } from '@nestjs/common';
import { KEYS, type Keys, SETTINGS, type Settings } from '@qingnang/config';
import { DataSource } from 'typeorm';
import { LlmGate } from './call/llm-gate.js';
import { LlmJobService } from './job/llm-job.service.js';
import { PurposeRegistry } from './job/llm-purpose.js';
import { PromptTemplateService } from './prompt/prompt-template.service.js';
import { ProviderService } from './provider/provider.service.js';
import { LLM_OPTIONS, type LlmOptions } from './run/engine-options.js';
import { LlmJobRunner } from './run/llm-job-runner.js';

const CALL_TIMEOUT_MS = 120_000;

export function llmOptions(settings: Settings, keys: Keys): LlmOptions {
  return {
    concurrency: settings.llmConcurrency,
    leaseSeconds: settings.llmLeaseSeconds,
    retentionDays: settings.payloadRetentionDays,
    timeoutMs: CALL_TIMEOUT_MS,
    encryptionKey: keys.encryptionKey,
    rehearsalUrl: settings.rehearsalUrl === undefined ? undefined : chatAddress(settings.rehearsalUrl),
  };
}

/** Settings name the server, the client wants the address its paths begin at. */
function chatAddress(url: string): string {
  return `${url.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`;
}

/** The gate to language models. Libraries above register their purposes with {@link PurposeRegistry}. */
@Module({
  providers: [
    PurposeRegistry,
    PromptTemplateService,
    { provide: LLM_OPTIONS, useFactory: llmOptions, inject: [SETTINGS, KEYS] },
    {
      provide: ProviderService,
      useFactory: (options: LlmOptions) => new ProviderService(options.encryptionKey),
      inject: [LLM_OPTIONS],
    },
    {
      provide: LlmJobService,
      useFactory: (purposes: PurposeRegistry) => new LlmJobService(purposes),
      inject: [PurposeRegistry],
    },
    {
      provide: LlmGate,
      useFactory: (dataSource: DataSource, options: LlmOptions) => new LlmGate(dataSource, options),
      inject: [DataSource, LLM_OPTIONS],
    },
    {
      provide: LlmJobRunner,
      useFactory: (dataSource: DataSource, purposes: PurposeRegistry, options: LlmOptions) =>
        new LlmJobRunner(dataSource, purposes, options),
      inject: [DataSource, PurposeRegistry, LLM_OPTIONS],
    },
  ],
  exports: [PurposeRegistry, PromptTemplateService, ProviderService, LlmJobService, LlmGate, LlmJobRunner, LLM_OPTIONS],
})
export class LlmModule {}
