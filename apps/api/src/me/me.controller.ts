import { Body, Controller, Get, Patch, Post, Req } from '@nestjs/common';
import {
  type ChangePassword,
  changePasswordRequest,
  me,
  type Me,
  person,
  type Person,
  tokenRequest,
  type UpdateMe,
  updateMeRequest,
} from '@qingnang/contracts';
import { AccountService, InviteService, PasswordService, ProjectService } from '@qingnang/identity';
import type { z } from 'zod';
import { CurrentPerson, SignedIn } from '../http/access.decorators.js';
import type { ApiRequest, Principal } from '../http/request.js';
import { ApiResult, NoContent } from '../http/result.decorators.js';

@Controller('me')
export class MeController {
  constructor(
    private readonly projects: ProjectService,
    private readonly accounts: AccountService,
    private readonly passwords: PasswordService,
    private readonly invites: InviteService,
  ) {}

  /** Who I am and where I belong. */
  @Get()
  @SignedIn()
  @ApiResult(me)
  read(@CurrentPerson() who: Principal): Promise<Me> {
    return this.projects.me(who);
  }

  /** My name and the language of my screens. The last change holds, since only I can make it. */
  @Patch()
  @SignedIn()
  @ApiResult(person)
  update(@CurrentPerson() who: Principal, @Body({ schema: updateMeRequest }) body: UpdateMe): Promise<Person> {
    return this.accounts.updateMe(who, body);
  }

  /** Ends my other sessions. */
  @Post('password')
  @SignedIn()
  @NoContent()
  changePassword(
    @CurrentPerson() who: Principal,
    @Body({ schema: changePasswordRequest }) body: ChangePassword,
  ): Promise<void> {
    return this.passwords.change(who, body);
  }

  /** Joins the project of an invite with the account I have. */
  @Post('invites')
  @SignedIn()
  @NoContent()
  join(
    @CurrentPerson() who: Principal,
    @Body({ schema: tokenRequest }) body: z.infer<typeof tokenRequest>,
    @Req() request: ApiRequest,
  ): Promise<void> {
    return this.invites.acceptSignedIn(body.token, who.personId, request.id);
  }
}
