import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { DomainError } from '@qingnang/kernel';
import { Authenticator, type Caller } from '@qingnang/identity';
import { ACCESS_RULE, type AccessRule, ALSO_FORMER_MEMBERS, OPEN_TO_RUN_TOKENS } from './access.decorators.js';
import type { ApiRequest } from './request.js';

/** Deny by default: a route without a rule lets nobody in (and {@link checkRoutes} does not let the application start). */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly dataSource: DataSource,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, targets);
    if (rule?.kind === 'public') return true;
    if (!rule) return false;
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const project = rule.kind === 'can' ? String(request.params.project) : undefined;
    const caller = await this.authenticator.caller(request.header('authorization'), request.id, project);
    if (caller.kind === 'person') request.principal = caller.person;
    const forRuns = this.reflector.getAllAndOverride<true | undefined>(OPEN_TO_RUN_TOKENS, targets) ?? false;
    if (rule.kind !== 'can') {
      this.allowOutside(caller, rule);
      return true;
    }
    try {
      await this.allowInProject(request, caller, rule, forRuns);
    } catch (error) {
      const former = this.reflector.getAllAndOverride<true | undefined>(ALSO_FORMER_MEMBERS, targets) ?? false;
      if (!former || !(await this.wasMember(request, caller))) throw error;
    }
    return true;
  }

  /** A person who had this very slot in hand and whose membership has ended since. */
  private async wasMember(request: ApiRequest, caller: Caller): Promise<boolean> {
    if (caller.kind !== 'person') return false;
    const { project, id } = request.params;
    const projectId = await this.leftProject(caller.person.personId, String(project), String(id));
    if (projectId === null) return false;
    const { personId } = caller.person;
    request.actor = {
      ...{ projectId, personId, kind: 'person', id: personId, roles: [], installationAdmin: false, runId: null },
      requestId: request.id,
    };
    return true;
  }

  private async leftProject(personId: string, project: string, slotId: string): Promise<string | null> {
    const [left] = await this.dataSource.query<{ id: string }[]>(
      `select p.id from project p join assignment a on a.project_id = p.id and a.person_id = $1
       where (p.id::text = $2 or p.slug = $2) and a.slot_id::text = $3 and a.outcome = 'released'
         and a.to_at > now() - interval '1 day'
         and not exists (select from membership m where m.project_id = p.id and m.person_id = $1)
         and exists (select from person h where h.id = $1 and h.state = 'active' and not h.installation_admin)
       limit 1`,
      [personId, project, slotId],
    );
    return left?.id ?? null;
  }

  private async allowInProject(
    request: ApiRequest,
    caller: Caller,
    rule: AccessRule & { kind: 'can' },
    forRuns: boolean,
  ): Promise<void> {
    const actor = await this.authenticator.actor(caller, String(request.params.project), request.id);
    this.authenticator.allow(actor, rule.resource, rule.action);
    if (actor.runId !== null) allowRunToken(actor.runId, request.params.run, forRuns);
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

/** @throws DomainError 403 on any other route, 404 for any other run */
function allowRunToken(own: string, asked: string | string[] | undefined, forRuns: boolean): void {
  if (!forRuns) {
    throw new DomainError({
      code: 'access.denied',
      status: 403,
      detail: 'A run’s own token reads the inputs of its run and reports to it, nothing else.',
    });
  }
  if (asked === own) return;
  throw new DomainError({ code: 'run.not_found', status: 404, detail: 'This key speaks for another run.' });
}
