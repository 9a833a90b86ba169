import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import {
  type Actor,
  putWebhook,
  type PutWebhook,
  webhookDelivery,
  webhookDeliveryList,
  webhookDeliveryQuery,
  type WebhookDeliveryQuery,
  webhookView,
} from '@qingnang/contracts';
import { WebhookService } from '@qingnang/runs';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, NoContent } from '../http/result.decorators.js';
import { RevisionMatch } from '../http/revision-match.js';

/** One a project: who hears of runs in trouble. */
@Controller('projects/:project/webhook')
export class WebhookController {
  constructor(private readonly webhooks: WebhookService) {}

  @Get()
  @Can('webhook', 'read')
  @ApiResult(webhookView)
  get(@CurrentActor() actor: Actor) {
    return this.webhooks.get(actor);
  }

  @Put()
  @Can('webhook', 'update')
  @ApiResult(webhookView)
  put(@CurrentActor() actor: Actor, @RevisionMatch() revision: number, @Body({ schema: putWebhook }) body: PutWebhook) {
    return this.webhooks.put(actor, revision, body);
  }

  @Delete()
  @Can('webhook', 'delete')
  @NoContent()
  remove(@CurrentActor() actor: Actor, @RevisionMatch() revision: number) {
    return this.webhooks.remove(actor, revision);
  }

  @Post('test')
  @Can('webhook', 'run')
  @ApiResult(webhookDelivery, 202)
  test(@CurrentActor() actor: Actor) {
    return this.webhooks.test(actor);
  }

  @Get('deliveries')
  @Can('webhook', 'read')
  @ApiResult(webhookDeliveryList)
  deliveries(@CurrentActor() actor: Actor, @Query({ schema: webhookDeliveryQuery }) query: WebhookDeliveryQuery) {
    return this.webhooks.deliveries(actor, query);
  }
}
