import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@qingnang/config';
import { DomainError } from '@qingnang/kernel';
import type { ApiRequest } from '../http/request.js';

/** Browsers send cookies along by themselves: routes that read or set them answer our own pages and programs only. */
@Injectable()
export class OwnPagesGuard implements CanActivate {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    if (isOwnPage(request, this.settings.publicUrl)) return true;
    throw new DomainError({
      code: 'auth.foreign_page',
      status: 403,
      field: 'Origin',
      detail:
        'This came from a page of another address: open the console itself. Behind a proxy that renames the host, set QINGNANG_PUBLIC_URL.',
    });
  }
}

/** What no script can set: what the browser calls the page's site, or its origin. A program outside browsers sends neither. */
export function isOwnPage(request: Pick<ApiRequest, 'header' | 'host'>, publicUrl: string | undefined): boolean {
  const site = request.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.header('origin');
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host !== '' && (host === request.host || (publicUrl !== undefined && host === new URL(publicUrl).host));
}
