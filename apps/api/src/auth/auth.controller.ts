import { Body, Controller, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { SETTINGS, type Settings } from '@qingnang/config';
import {
  type AcceptInvite,
  acceptInviteRequest,
  invitePreview,
  type InvitePreview,
  type ResetPassword,
  resetPasswordRequest,
  signInRequest,
  tokenReply,
  type TokenReply,
  tokenRequest,
} from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { InviteService, PasswordService, SessionService, type SignedIn } from '@qingnang/identity';
import type { Response } from 'express';
import { z } from 'zod';
import { Public } from '../http/access.decorators.js';
import { NotAudited } from '../http/act.decorators.js';
import type { ApiRequest } from '../http/request.js';
import { ApiResult, NoContent } from '../http/result.decorators.js';
import { clearRefreshCookie, readRefreshCookie, setDeviceCookie, setRefreshCookie } from './cookies.js';
import { originOf } from './origin-of.js';
import { OwnPagesGuard } from './own-pages.guard.js';

@Controller('auth')
@UseGuards(OwnPagesGuard)
export class AuthController {
  constructor(
    private readonly sessions: SessionService,
    private readonly invites: InviteService,
    private readonly passwords: PasswordService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Login and password against a short access token; the refresh token comes as an http-only cookie. */
  @Post('sign-in')
  @Public()
  @ApiResult(tokenReply)
  async signIn(
    @Body({ schema: signInRequest }) body: z.infer<typeof signInRequest>,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokenReply> {
    return this.handOut(response, await this.sessions.signIn(body.login, body.password, originOf(request)));
  }

  /** A new access token for the refresh cookie, which is swapped for its successor. */
  @Post('refresh')
  @Public()
  @NotAudited('a session goes on; only its start, its end and a stolen token are news')
  @ApiResult(tokenReply)
  async refresh(@Req() request: ApiRequest, @Res({ passthrough: true }) response: Response): Promise<TokenReply> {
    try {
      return this.handOut(response, await this.sessions.refresh(readRefreshCookie(request), originOf(request)));
    } catch (error) {
      // A database that is away for a moment signs nobody out.
      if (error instanceof DomainError && error.status === 401) clearRefreshCookie(response, this.settings);
      throw error;
    }
  }

  /** Ends the session of the cookie. */
  @Post('sign-out')
  @Public()
  @NotAudited('signing out without a session ends nothing; with one it is written')
  @NoContent()
  async signOut(@Req() request: ApiRequest, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.sessions.signOut(readRefreshCookie(request), request.id);
    clearRefreshCookie(response, this.settings);
  }

  /** What an invite link invites to. By POST, so that the token stays out of logs. */
  @Post('invite')
  @Public()
  @NotAudited('reads only')
  @ApiResult(invitePreview)
  preview(@Body({ schema: tokenRequest }) body: z.infer<typeof tokenRequest>): Promise<InvitePreview> {
    return this.invites.preview(body.token);
  }

  /** Makes the account an invite is for, and signs it in. */
  @Post('accept-invite')
  @Public()
  @ApiResult(tokenReply, 201)
  async accept(
    @Body({ schema: acceptInviteRequest }) body: AcceptInvite,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokenReply> {
    return this.handOut(response, await this.invites.accept(body, originOf(request)));
  }

  /** Sets a new password by a reset link. */
  @Post('reset-password')
  @Public()
  @NoContent()
  reset(@Body({ schema: resetPasswordRequest }) body: ResetPassword, @Req() request: ApiRequest): Promise<void> {
    return this.passwords.reset(body, request.id);
  }

  private handOut(response: Response, tokens: SignedIn): TokenReply {
    setRefreshCookie(response, this.settings, tokens);
    setDeviceCookie(response, this.settings, tokens.device);
    const { accessToken, expiresIn, personId } = tokens;
    return { accessToken, expiresIn, personId };
  }
}
