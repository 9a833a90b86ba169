import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { commaList, type Actor } from '@qingnang/contracts';
import type { Response } from 'express';
import { z } from 'zod';
import { Can, CurrentActor } from '../http/access.decorators.js';
import type { ApiRequest } from '../http/request.js';
import { EventHub } from './event-hub.js';
import { streamEvents } from './stream-events.js';

const eventsQuery = z.object({ topics: commaList(z.string().max(40)).optional() });

@Controller('projects/:project/events')
export class EventsController {
  constructor(private readonly hub: EventHub) {}

  /** News of the project as `{topic, id}`, hints to read again. `resync`: some were missed, read everything again. */
  @Get()
  @Can('events', 'read')
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'A stream of server-sent events.' })
  follow(
    @CurrentActor() actor: Actor,
    @Query({ schema: eventsQuery }) query: z.infer<typeof eventsQuery>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: ApiRequest,
    @Res() response: Response,
  ): void {
    // The stream ends with the access it was opened with, so that a closed account hears nothing more.
    streamEvents(response, request.principal?.expiresAt ?? null, (send) =>
      this.hub.listen((event) => {
        if (event === 'resync') send({ event: 'resync', data: {} });
        else if (event.projectId === actor.projectId && (query.topics?.includes(event.topic) ?? true)) {
          send({ id: event.eventId, data: { topic: event.topic, id: event.id } });
        }
      }, lastEventId),
    );
  }
}
