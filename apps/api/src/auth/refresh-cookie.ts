import type { Settings } from '@qingnang/config';
import type { SessionTokens } from '@qingnang/identity';
import type { Request, Response } from 'express';

const NAME = 'qingnang_refresh';
/** Sent nowhere else, so that a cookie alone can do nothing but renew or end a session. */
const PATH = '/api/v1/auth';

export function readRefreshCookie(request: Request): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === NAME) return value;
  }
  return undefined;
}

export function setRefreshCookie(response: Response, settings: Settings, tokens: SessionTokens): void {
  response.cookie(NAME, tokens.refreshToken, {
    path: PATH,
    httpOnly: true,
    sameSite: 'strict',
    secure: settings.secureCookies,
    expires: tokens.refreshExpiresAt,
  });
}

export function clearRefreshCookie(response: Response, settings: Settings): void {
  response.clearCookie(NAME, { path: PATH, httpOnly: true, sameSite: 'strict', secure: settings.secureCookies });
}
