import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { SETTINGS, type Settings } from '@qingnang/config';
import { signInRequest, tokenReply, type TokenReply } from '@qingnang/contracts';
import { SessionService, type SessionTokens } from '@qingnang/identity';
import type { Response } from 'express';
import { z } from 'zod';
import { Public } from '../http/access.decorators.js';
import { NotAudited } from '../http/act.decorators.js';
import type { ApiRequest } from '../http/request.js';
import { ApiResult, NoContent } from '../http/result.decorators.js';
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './refresh-cookie.js';

@Controller('auth')
export class AuthController {
  constructor(
    private readonly sessions: SessionService,
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
    const origin = { address: request.ip ?? 'unknown', requestId: request.id };
    return this.handOut(response, await this.sessions.signIn(body.login, body.password, origin));
  }

  /** A new access token for the refresh cookie, which is swapped for its successor. */
  @Post('refresh')
  @Public()
  @NotAudited('a session goes on; only its start, its end and a stolen token are news')
  @ApiResult(tokenReply)
  async refresh(@Req() request: ApiRequest, @Res({ passthrough: true }) response: Response): Promise<TokenReply> {
    try {
      return this.handOut(response, await this.sessions.refresh(readRefreshCookie(request), request.id));
    } catch (error) {
      clearRefreshCookie(response, this.settings);
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

  private handOut(response: Response, tokens: SessionTokens): TokenReply {
    setRefreshCookie(response, this.settings, tokens);
    response.setHeader('Cache-Control', 'no-store');
    return { accessToken: tokens.accessToken, expiresIn: tokens.expiresIn };
  }
}
