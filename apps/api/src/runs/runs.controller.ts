import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  createRun,
  type CreateRun,
  metricBatch,
  type MetricBatch,
  metricsReply,
  presetConfig,
  runConfig,
  runDetail,
  runList,
  runLog,
  runLogQuery,
  runMetrics,
  runMetricsQuery,
  type RunMetricsQuery,
  runPresetQuery,
  runQuery,
  type RunQuery,
  runSamples,
  runSamplesQuery,
} from '@qingnang/contracts';
import { MetricsService, RunReadingService, RunService } from '@qingnang/runs';
import type { z } from 'zod';
import { Can, CurrentActor, OpenToRunToken } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

/** The parameter is called `run`, since a run's own token is held to it. */
@Controller('projects/:project/runs')
export class RunsController {
  constructor(
    private readonly runs: RunService,
    private readonly metrics: MetricsService,
    private readonly reading: RunReadingService,
  ) {}

  @Get()
  @Can('runs', 'read')
  @ApiResult(runList)
  list(@CurrentActor() actor: Actor, @Query({ schema: runQuery }) query: RunQuery) {
    return this.runs.list(actor, query);
  }

  /** The whole configuration that a preset stands for, for forms. */
  @Get('preset')
  @Can('runs', 'read')
  @ApiResult(runConfig)
  preset(@Query({ schema: runPresetQuery }) { preset, method }: z.infer<typeof runPresetQuery>) {
    return presetConfig(preset, method);
  }

  @Post()
  @Can('runs', 'run')
  @ApiResult(runDetail, 202)
  create(@CurrentActor() actor: Actor, @Body({ schema: createRun }) body: CreateRun) {
    return this.runs.create(actor, body);
  }

  @Get(':run')
  @Can('runs', 'read')
  @ApiResult(runDetail)
  get(@CurrentActor() actor: Actor, @IdParam('run') id: string) {
    return this.runs.get(actor, id);
  }

  @Post(':run/pause')
  @Can('runs', 'run')
  @ApiResult(runDetail)
  pause(@CurrentActor() actor: Actor, @IdParam('run') id: string) {
    return this.runs.pause(actor, id);
  }

  @Post(':run/resume')
  @Can('runs', 'run')
  @ApiResult(runDetail, 202)
  resume(@CurrentActor() actor: Actor, @IdParam('run') id: string) {
    return this.runs.resume(actor, id);
  }

  @Post(':run/cancel')
  @Can('runs', 'run')
  @ApiResult(runDetail)
  cancel(@CurrentActor() actor: Actor, @IdParam('run') id: string) {
    return this.runs.cancel(actor, id);
  }

  @Post(':run/metrics')
  @Can('runs', 'update')
  @OpenToRunToken()
  @NotAudited('figures of a trainer, many a minute; keyed, so that sending twice changes nothing')
  @SafeToRepeat()
  @ApiResult(metricsReply)
  takeMetrics(
    @CurrentActor() actor: Actor,
    @IdParam('run') id: string,
    @Body({ schema: metricBatch }) body: MetricBatch,
  ) {
    return this.metrics.take(actor, id, body);
  }

  @Get(':run/metrics')
  @Can('runs', 'read')
  @ApiResult(runMetrics)
  readMetrics(
    @CurrentActor() actor: Actor,
    @IdParam('run') id: string,
    @Query({ schema: runMetricsQuery }) query: RunMetricsQuery,
  ) {
    return this.metrics.read(actor, id, query);
  }

  @Get(':run/samples')
  @Can('runs', 'read')
  @ApiResult(runSamples)
  samples(
    @CurrentActor() actor: Actor,
    @IdParam('run') id: string,
    @Query({ schema: runSamplesQuery }) { limit }: z.infer<typeof runSamplesQuery>,
  ) {
    return this.reading.samples(actor, id, limit);
  }

  @Get(':run/log')
  @Can('runs', 'read')
  @ApiResult(runLog)
  log(
    @CurrentActor() actor: Actor,
    @IdParam('run') id: string,
    @Query({ schema: runLogQuery }) { lines }: z.infer<typeof runLogQuery>,
  ) {
    return this.reading.log(actor, id, lines);
  }
}
