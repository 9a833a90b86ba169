import { ModelEntity } from './models/model.entity.js';
import { CheckpointEntity } from './run/checkpoint.entity.js';
import { RunArtefactEntity } from './outside/run-artefact.entity.js';
import { RunAttemptEntity } from './run/run-attempt.entity.js';
import { RunEntity } from './run/run.entity.js';
import { RunInputEntity } from './run/run-input.entity.js';
import { ScheduleEntity } from './schedule/schedule.entity.js';
import { ScheduleTickEntity } from './schedule/schedule-tick.entity.js';
import { ModelServerEntity } from './serve/model-server.entity.js';
import { ProjectWebhookEntity } from './webhook/project-webhook.entity.js';
import { WebhookDeliveryEntity } from './webhook/webhook-delivery.entity.js';

export const runsEntities = [
  RunEntity,
  RunAttemptEntity,
  RunInputEntity,
  CheckpointEntity,
  ModelEntity,
  ModelServerEntity,
  RunArtefactEntity,
  ScheduleEntity,
  ScheduleTickEntity,
  ProjectWebhookEntity,
  WebhookDeliveryEntity,
];
