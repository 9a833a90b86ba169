import { Controller, Get, Post, Query } from '@nestjs/common';
import {
  account,
  type Account,
  accountList,
  accountQuery,
  deactivatedAccount,
  type DeactivatedAccount,
  type AccountQuery,
  type ListReply,
  resetLink,
  type ResetLink,
} from '@qingnang/contracts';
import { AccountService, PasswordService } from '@qingnang/identity';
import { releaseTasks } from '@qingnang/review';
import { CurrentPerson, InstallationAdmin } from '../http/access.decorators.js';
import type { Principal } from '../http/request.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

/** Accounts of the installation. */
@Controller('people')
@InstallationAdmin()
export class PeopleController {
  constructor(
    private readonly accounts: AccountService,
    private readonly passwords: PasswordService,
  ) {}

  @Get()
  @ApiResult(accountList)
  list(@Query({ schema: accountQuery }) query: AccountQuery): Promise<ListReply<Account>> {
    return this.accounts.list(query);
  }

  /** A link with which the person sets a new password; shown once. */
  @Post(':id/reset-link')
  @ApiResult(resetLink, 201)
  resetLink(@CurrentPerson() who: Principal, @IdParam() id: string): Promise<ResetLink> {
    return this.passwords.createLink(who, id);
  }

  /** Closes the account; answers what ended with it, in all projects. */
  @Post(':id/deactivate')
  @ApiResult(deactivatedAccount)
  deactivate(@CurrentPerson() who: Principal, @IdParam() id: string): Promise<DeactivatedAccount> {
    return this.accounts.deactivate(who, id, releaseTasks);
  }

  @Post(':id/reactivate')
  @ApiResult(account)
  reactivate(@CurrentPerson() who: Principal, @IdParam() id: string): Promise<Account> {
    return this.accounts.reactivate(who, id);
  }
}
