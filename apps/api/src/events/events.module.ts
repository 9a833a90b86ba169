import { Global, Module } from '@nestjs/common';
import { IdentityModule } from '@qingnang/identity';
import { EventHub } from './event-hub.js';
import { EventsController } from './events.controller.js';
import { LiveStreams } from './live-streams.js';

@Global()
@Module({
  imports: [IdentityModule],
  controllers: [EventsController],
  providers: [EventHub, LiveStreams],
  exports: [LiveStreams],
})
export class EventsModule {}
