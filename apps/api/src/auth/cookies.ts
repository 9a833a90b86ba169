import type { Settings } from '@qingnang/config';
import type { SessionTokens } from '@qingnang/identity';
import type { CookieOptions, Request, Response } from 'express';

const REFRESH = 'qingnang_refresh';
const DEVICE = 'qingnang_device';
/** The longest that browsers keep a cookie. */
const DEVICE_DAYS = 400;
const TOKEN = /^[\w-]{43}$/;

/** Sent nowhere else, so that a cookie alone can do nothing but renew or end a session. */
const PATH = '/api/v1/auth';

function read(request: Request, wanted: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === wanted) return value;
  }
  return undefined;
}

const options = (settings: Settings): CookieOptions => ({
  path: PATH,
  httpOnly: true,
  sameSite: 'strict',
  secure: settings.secureCookies,
});

export const readRefreshCookie = (request: Request): string | undefined => read(request, REFRESH);

export function setRefreshCookie(response: Response, settings: Settings, tokens: SessionTokens): void {
  response.cookie(REFRESH, tokens.refreshToken, { ...options(settings), expires: tokens.refreshExpiresAt });
}

export function clearRefreshCookie(response: Response, settings: Settings): void {
  response.clearCookie(REFRESH, options(settings));
}

/** The name of the browser, if it is of the form we give: 256 random bits, bound to accounts by their sign-ins. */
export function readDeviceCookie(request: Request): string | undefined {
  const name = read(request, DEVICE);
  return name !== undefined && TOKEN.test(name) ? name : undefined;
}

/** Stays when the session ends: it opens nothing, it only keeps strangers' guesses apart from its owner's. */
export function setDeviceCookie(response: Response, settings: Settings, device: string): void {
  response.cookie(DEVICE, device, { ...options(settings), maxAge: DEVICE_DAYS * 86_400_000 });
}
