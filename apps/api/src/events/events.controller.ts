import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { type Actor, commaList, may, type Resource, resources } from '@qingnang/contracts';
import type { Response } from 'express';
import { z } from 'zod';
import { Can, CurrentActor } from '../http/access.decorators.js';
import type { ApiRequest } from '../http/request.js';
import { EventHub } from './event-hub.js';
import { LiveStreams } from './live-streams.js';
import { streamEvents } from './stream-events.js';

const eventsQuery = z.object({ topics: commaList(z.string().max(40)).optional() });

@Controller('projects/:project/events')
export class EventsController {
  constructor(
    private readonly hub: EventHub,
    private readonly live: LiveStreams,
  ) {}

  /** News of the project as `{topic, id}`, hints to read the topic again, one a topic in two seconds, of what the caller may read now. `resync`: some were missed, read everything again. */
  @Get()
  @Can('events', 'read')
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'A stream of server-sent events.' })
  async follow(
    @CurrentActor() actor: Actor,
    @Query({ schema: eventsQuery }) query: z.infer<typeof eventsQuery>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: ApiRequest,
    @Res() response: Response,
  ): Promise<void> {
    const now = { actor };
    streamEvents(response, request.principal?.expiresAt ?? null, (send) =>
      this.hub.listen((event) => {
        if (event === 'resync') send({ event: 'resync', data: {} });
        else if (event.projectId === actor.projectId && isFor(now.actor, event.topic, query.topics)) {
          send({ id: event.eventId, data: { topic: event.topic, id: event.id } });
        }
      }, lastEventId),
    );
    await this.live.hold(response, {
      actor,
      familyId: request.principal?.familyId,
      right: { resource: 'events', action: 'read' },
      onActor: (again) => (now.actor = again),
    });
  }
}

/** Topics are named as resources are: who may not read one hears nothing of it. */
function isFor(actor: Actor, topic: string, asked: readonly string[] | undefined): boolean {
  if (asked && !asked.includes(topic)) return false;
  return (resources as readonly string[]).includes(topic) && may(actor, topic as Resource, 'read');
}
