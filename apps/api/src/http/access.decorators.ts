import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { Action, Actor, Resource } from '@qingnang/contracts';
import type { ApiRequest, Principal } from './request.js';

export const ACCESS_RULE = 'qingnang:access';

/** Who may call a route. Each route carries exactly one rule; the application refuses to start otherwise. */
export type AccessRule =
  | { kind: 'public' }
  | { kind: 'signed-in' }
  | { kind: 'installation-admin' }
  | { kind: 'can'; resource: Resource; action: Action };

function rule(value: AccessRule): MethodDecorator & ClassDecorator {
  const marks = [SetMetadata(ACCESS_RULE, value), ApiExtension('x-access', value)];
  return applyDecorators(...marks, ...(value.kind === 'public' ? [] : [ApiBearerAuth()]));
}

/** Members of the project whose roles (or key scopes) allow it. The route must lie under `projects/:project`. */
export const Can = (resource: Resource, action: Action) => rule({ kind: 'can', resource, action });

/** Anyone, also without signing in. */
export const Public = () => rule({ kind: 'public' });

/** Any person with an account, whatever their projects. */
export const SignedIn = () => rule({ kind: 'signed-in' });

/** The admin of the installation. */
export const InstallationAdmin = () => rule({ kind: 'installation-admin' });

export const OPEN_TO_RUN_TOKENS = 'qingnang:run-token';

/** A run's own token may call this route of its run, and no route without this mark, whatever its scopes. */
export const OpenToRunToken = () => SetMetadata(OPEN_TO_RUN_TOKENS, true);

export const ALSO_FORMER_MEMBERS = 'qingnang:former-members';

/**
 * Whoever was a member lately comes through as an actor without roles: what they had in hand is refused by the handler,
 * with their words kept, and not by the door, which would lose them.
 */
export const AlsoFormerMembers = () => SetMetadata(ALSO_FORMER_MEMBERS, true);

/** Who acts in the project of the route. Only on routes with {@link Can}. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<ApiRequest>();
  if (!actor) throw new Error('@CurrentActor() needs @Can() on the route');
  return actor;
});

/** The person signed in, outside of any project. On routes with {@link SignedIn} or {@link InstallationAdmin}. */
export const CurrentPerson = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<ApiRequest>();
  if (!principal) throw new Error('@CurrentPerson() needs @SignedIn() or @InstallationAdmin() on the route');
  return principal;
});
