import { Body, Controller, Delete, Get, Patch, Query } from '@nestjs/common';
import {
  type Actor,
  endedAccess,
  type EndedAccess,
  type ListReply,
  member,
  type Member,
  memberList,
  memberQuery,
  type MemberQuery,
  type UpdateMember,
  updateMemberRequest,
} from '@qingnang/contracts';
import { MemberService } from '@qingnang/identity';
import { releaseTasks } from '@qingnang/review';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';
import { RevisionMatch } from '../http/revision-match.js';

/** People of the project; the id is the person's. */
@Controller('projects/:project/members')
export class MembersController {
  constructor(private readonly members: MemberService) {}

  @Get()
  @Can('members', 'read')
  @ApiResult(memberList)
  list(@CurrentActor() actor: Actor, @Query({ schema: memberQuery }) query: MemberQuery): Promise<ListReply<Member>> {
    return this.members.list(actor, query);
  }

  @Get(':id')
  @Can('members', 'read')
  @ApiResult(member)
  read(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<Member> {
    return this.members.read(actor, id);
  }

  /** Roles, departments, licence. */
  @Patch(':id')
  @Can('members', 'update')
  @ApiResult(member)
  update(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @RevisionMatch() revision: number,
    @Body({ schema: updateMemberRequest }) body: UpdateMember,
  ): Promise<Member> {
    return this.members.update(actor, id, revision, body);
  }

  /** Takes the person out of the project; answers what ended with it. */
  @Delete(':id')
  @Can('members', 'delete')
  @ApiResult(endedAccess)
  remove(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<EndedAccess> {
    return this.members.remove(actor, id, releaseTasks);
  }
}
