import { Injectable } from '@nestjs/common';
import { WebhookDeliverer, webhookDeliverJob } from '@qingnang/runs';
import { type JobContext, JobHandler } from '@qingnang/queue';

@JobHandler(webhookDeliverJob)
@Injectable()
export class WebhookDeliverHandler {
  constructor(private readonly deliverer: WebhookDeliverer) {}

  run({ projectId, deliveryId }: { projectId: string; deliveryId: string }, context: JobContext): Promise<void> {
    return this.deliverer.deliver(projectId, deliveryId, context.attempt);
  }

  gaveUp({ projectId, deliveryId }: { projectId: string; deliveryId: string }): Promise<void> {
    return this.deliverer.giveUp(projectId, deliveryId);
  }
}
