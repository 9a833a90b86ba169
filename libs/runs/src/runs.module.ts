import { Module } from '@nestjs/common';
import { KEYS, type Keys, SETTINGS, type Settings } from '@qingnang/config';
import { DataSource } from 'typeorm';
import { LAUNCHER, type Launcher } from './launch/launcher.js';
import { LocalLauncher } from './launch/local-launcher.js';
import { RunDriver } from './launch/run-driver.js';
import { MetricsService } from './metrics/metrics.service.js';
import { ModelService } from './models/model.service.js';
import { ArtefactService } from './outside/artefact.service.js';
import { HandInService } from './outside/hand-in.service.js';
import { OutsideRunService } from './outside/outside-run.service.js';
import { RunReadingService } from './run/run-reading.service.js';
import { RunService } from './run/run.service.js';
import { ScheduleService } from './schedule/schedule.service.js';
import { ModelServerService } from './serve/model-server.service.js';
import { WebhookDeliverer } from './webhook/webhook-deliverer.js';
import { WebhookService } from './webhook/webhook.service.js';

/** Where trainers of this machine find the API; null where its port is not known beforehand. */
function platformAddress({ host, port }: Settings): string | null {
  if (port === 0) return null;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

@Module({
  providers: [
    RunService,
    ScheduleService,
    OutsideRunService,
    ArtefactService,
    HandInService,
    RunReadingService,
    MetricsService,
    ModelService,
    ModelServerService,
    WebhookService,
    {
      provide: WebhookDeliverer,
      useFactory: (dataSource: DataSource, keys: Keys, settings: Settings) =>
        new WebhookDeliverer(dataSource, keys, settings),
      inject: [DataSource, KEYS, SETTINGS],
    },
    { provide: LAUNCHER, useFactory: () => new LocalLauncher() },
    {
      provide: RunDriver,
      useFactory: (dataSource: DataSource, launcher: Launcher, settings: Settings) =>
        new RunDriver(dataSource, launcher, { dataDir: settings.dataDir, platform: platformAddress(settings) }),
      inject: [DataSource, LAUNCHER, SETTINGS],
    },
  ],
  exports: [
    RunService,
    ScheduleService,
    OutsideRunService,
    ArtefactService,
    HandInService,
    RunReadingService,
    MetricsService,
    ModelService,
    ModelServerService,
    WebhookService,
    WebhookDeliverer,
    RunDriver,
  ],
})
export class RunsModule {}
