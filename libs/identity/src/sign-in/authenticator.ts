import { Injectable } from '@nestjs/common';
import { type Action, type Actor, can, type Resource, type Role } from '@qingnang/contracts';
import { DataSource } from 'typeorm';
import { AccessTokens } from './access-tokens.js';
import { type KeyHolder, readApiKey } from '../keys/api-key.js';
import { notAllowed, signInNeeded, unknownProject } from '../identity.errors.js';

/** A person who has signed in, outside of any project. */
export interface SignedInPerson {
  personId: string;
  installationAdmin: boolean;
  /** The sign-in this access came from. */
  familyId: string;
  /** When the access token runs out. */
  expiresAt: Date;
  requestId: string | null;
}

export type Caller = { kind: 'person'; person: SignedInPerson } | { kind: 'api_key'; key: KeyHolder };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Finds out who calls and as what. Everything is read anew for each request, so that a change counts at once. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tokens: AccessTokens,
  ) {}

  /** @throws DomainError 401 */
  async caller(authorization: string | undefined, requestId: string | null): Promise<Caller> {
    const credential = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (credential === undefined) throw signInNeeded();
    if (credential.startsWith('qn_')) {
      const key = await readApiKey(this.dataSource, credential);
      if (!key) throw signInNeeded('This API key is unknown, revoked or has run out.');
      return { kind: 'api_key', key };
    }
    const claims = await this.tokens.read(credential);
    const [person] = await this.dataSource.query<{ admin: boolean }[]>(
      `select p.installation_admin as admin from person p
       where p.id = $1 and p.state = 'active' and exists (
         select from session s where s.family_id = $2 and s.person_id = p.id and s.revoked_at is null)`,
      [claims.personId, claims.familyId],
    );
    if (!person) throw signInNeeded('Your session has ended: sign in again.');
    return { kind: 'person', person: { ...claims, installationAdmin: person.admin, requestId } };
  }

  /**
   * The caller as an actor of a project, named by id or slug.
   * @throws DomainError 404 where they do not belong, so that nobody learns which projects there are.
   */
  async actor(caller: Caller, projectRef: string, requestId: string | null): Promise<Actor> {
    const column = UUID.test(projectRef) ? 'id' : 'slug';
    const personId = caller.kind === 'person' ? caller.person.personId : null;
    const [found] = await this.dataSource.query<{ id: string; roles: Role[] | null }[]>(
      `select p.id, m.roles from project p
       left join membership m on m.project_id = p.id and m.person_id = $2 where p.${column} = $1`,
      [projectRef, personId],
    );
    if (!found) throw unknownProject();
    const base = { projectId: found.id, personId, requestId };
    if (caller.kind === 'api_key') {
      const { id, projectId, scopes, runId } = caller.key;
      if (projectId !== found.id) throw unknownProject();
      return { ...base, kind: 'api_key', id, roles: ['service'], installationAdmin: false, runId, scopes };
    }
    const { installationAdmin } = caller.person;
    if (!found.roles && !installationAdmin) throw unknownProject();
    return {
      ...base,
      kind: 'person',
      id: caller.person.personId,
      roles: found.roles ?? [],
      installationAdmin,
      runId: null,
    };
  }

  /** @throws DomainError 403 */
  allow(actor: Actor, resource: Resource, action: Action): void {
    const allowed =
      actor.kind === 'api_key'
        ? (actor.scopes ?? []).includes(`${resource}:${action}`)
        : can(actor.roles, resource, action, { installationAdmin: actor.installationAdmin });
    if (!allowed) throw notAllowed();
  }
}
