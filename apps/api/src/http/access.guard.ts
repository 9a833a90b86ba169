import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '@qingnang/kernel';
import { Authenticator, type Caller } from '@qingnang/identity';
import { ACCESS_RULE, type AccessRule } from './access.decorators.js';
import type { ApiRequest } from './request.js';

/** Deny by default: a route without a rule lets nobody in (and {@link checkRoutes} does not let the application start). */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, targets);
    if (rule?.kind === 'public') return true;
    if (!rule) return false;
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const caller = await this.authenticator.caller(request.header('authorization'), request.id);
    if (caller.kind === 'person') request.principal = caller.person;
    if (rule.kind === 'can') await this.allowInProject(request, caller, rule);
    else this.allowOutside(caller, rule);
    return true;
  }

  private async allowInProject(request: ApiRequest, caller: Caller, rule: AccessRule & { kind: 'can' }): Promise<void> {
    const actor = await this.authenticator.actor(caller, String(request.params.project), request.id);
    this.authenticator.allow(actor, rule.resource, rule.action);
    if (actor.runId !== null && rule.resource === 'runs' && (request.params.run ?? request.params.id) !== actor.runId) {
      throw new DomainError({ code: 'run.not_found', status: 404, detail: 'This key speaks for another run.' });
    }
    request.actor = actor;
  }

  private allowOutside(caller: Caller, rule: AccessRule): void {
    if (caller.kind === 'api_key') {
      throw new DomainError({
        code: 'access.denied',
        status: 403,
        detail: 'An API key works inside its project only.',
      });
    }
    if (rule.kind === 'installation-admin' && !caller.person.installationAdmin) {
      throw new DomainError({
        code: 'access.denied',
        status: 403,
        detail: 'Only the admin of the installation may do this.',
      });
    }
  }
}
