import { Module } from '@nestjs/common';
import { RunsModule } from '@qingnang/runs';
import { WebhookController } from './webhook.controller.js';

@Module({ imports: [RunsModule], controllers: [WebhookController] })
export class WebhookModule {}
