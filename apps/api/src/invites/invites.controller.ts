import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  createdInvite,
  type CreatedInvite,
  type CreateInvite,
  createInviteRequest,
  type Invite,
  inviteList,
  inviteQuery,
  type InviteQuery,
  type ListReply,
} from '@qingnang/contracts';
import { InviteService } from '@qingnang/identity';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam, NoContent } from '../http/result.decorators.js';

@Controller('projects/:project/invites')
export class InvitesController {
  constructor(private readonly invites: InviteService) {}

  @Get()
  @Can('invites', 'read')
  @ApiResult(inviteList)
  list(@CurrentActor() actor: Actor, @Query({ schema: inviteQuery }) query: InviteQuery): Promise<ListReply<Invite>> {
    return this.invites.list(actor, query);
  }

  /** The token of the link is in this answer only. */
  @Post()
  @Can('invites', 'create')
  @ApiResult(createdInvite, 201)
  create(
    @CurrentActor() actor: Actor,
    @Body({ schema: createInviteRequest }) body: CreateInvite,
  ): Promise<CreatedInvite> {
    return this.invites.create(actor, body);
  }

  /** Takes the link back. */
  @Delete(':id')
  @Can('invites', 'delete')
  @NoContent()
  revoke(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<void> {
    return this.invites.revoke(actor, id);
  }
}
