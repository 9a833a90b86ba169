import { Injectable } from '@nestjs/common';
import {
  type Action,
  type Actor,
  can,
  isForPeopleOnly,
  isInForce,
  type Resource,
  type Role,
} from '@qingnang/contracts';
import { quickQuery } from '@qingnang/database';
import { DomainError } from '@qingnang/kernel';
import { DataSource } from 'typeorm';
import { AccessTokens } from './access-tokens.js';
import type { AccessLease } from '../access/access-leases.js';
import { type KeyHolder, readApiKey, readKeyById } from '../keys/api-key.js';
import { makerMayNot, notAllowed, peopleOnly, scopeMissing, signInNeeded, unknownProject } from '../identity.errors.js';

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

export type Caller = PersonCalling | { kind: 'api_key'; key: KeyHolder };

interface PersonCalling {
  kind: 'person';
  person: SignedInPerson;
  /** What they are in the project they ask for, which was read with who they are; null where there is no such project. */
  standing?: { project: string; found: Standing | null };
}

/** Who was let in: a person, perhaps by one sign-in, or a key of theirs. */
export type Holder = Pick<AccessLease, 'projectId' | 'personId' | 'apiKeyId'> & { familyId?: string | null };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Finds out who calls and as what. Everything is read anew for each request, so that a change counts at once. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tokens: AccessTokens,
  ) {}

  /**
   * Who calls; what they are in the project that they ask for is read along.
   * @throws DomainError 401
   */
  async caller(authorization: string | undefined, requestId: string | null, project?: string): Promise<Caller> {
    const credential = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (credential === undefined) throw signInNeeded();
    if (credential.startsWith('qn_')) {
      const key = await readApiKey(this.dataSource, credential);
      if (!key) throw signInNeeded('This API key is unknown, revoked or has run out.');
      return { kind: 'api_key', key };
    }
    const claims = await this.tokens.read(credential);
    const [found] = await quickQuery<(Omit<Standing, 'id'> & { id: string | null })[]>(
      this.dataSource,
      `select h.installation_admin as "installationAdmin", p.id, m.roles
       from person h left join project p on p.${columnOf(project)} = $3
       left join membership m on m.project_id = p.id and m.person_id = h.id
       where h.id = $1 and h.state = 'active' and exists (
         select from session s where s.family_id = $2 and s.person_id = h.id and s.revoked_at is null)`,
      [claims.personId, claims.familyId, project ?? null],
    );
    if (!found) throw signInNeeded('Your session has ended: sign in again.');
    const { id, installationAdmin, roles } = found;
    const person = { ...claims, installationAdmin: installationAdmin ?? false, requestId };
    if (project === undefined) return { kind: 'person', person };
    return {
      kind: 'person',
      person,
      standing: { project, found: id === null ? null : { id, installationAdmin, roles } },
    };
  }

  /**
   * The caller as an actor of a project, named by id or slug.
   * @throws DomainError 404 where they do not belong, so that nobody learns which projects there are.
   */
  async actor(caller: Caller, projectRef: string, requestId: string | null): Promise<Actor> {
    const personId = caller.kind === 'person' ? caller.person.personId : caller.key.createdBy;
    const read = caller.kind === 'person' && caller.standing?.project === projectRef ? caller.standing : null;
    const found = read ? read.found : await this.standing(projectRef, personId);
    if (!found) throw unknownProject();
    if (caller.kind === 'api_key') return keyActor(caller.key, found, requestId);
    const installationAdmin = found.installationAdmin ?? false;
    if (!found.roles && !installationAdmin) throw unknownProject();
    return {
      projectId: found.id,
      personId,
      requestId,
      kind: 'person',
      id: caller.person.personId,
      roles: found.roles ?? [],
      installationAdmin,
      runId: null,
    };
  }

  private async standing(projectRef: string, personId: string | null): Promise<Standing | null> {
    const [found] = await quickQuery<Standing[]>(
      this.dataSource,
      `select p.id, h.installation_admin as "installationAdmin", case when h.id is not null then m.roles end as roles
       from project p left join person h on h.id = $2 and h.state = 'active'
       left join membership m on m.project_id = p.id and m.person_id = $2 where p.${columnOf(projectRef)} = $1`,
      [projectRef, personId],
    );
    return found ?? null;
  }

  /**
   * Whoever was let in before, as they stand now; null where they, their key or their sign-in are there no more. What they may
   * do is still to be asked.
   */
  async holderOf(lease: Holder): Promise<Actor | null> {
    const { personId, apiKeyId, projectId, familyId = null } = lease;
    try {
      const caller = apiKeyId === null ? await this.personAgain(personId, familyId) : await this.keyAgain(apiKeyId);
      return caller && (await this.actor(caller, projectId, null));
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }

  private async keyAgain(id: string): Promise<Caller | null> {
    const key = await readKeyById(this.dataSource, id);
    return key ? { kind: 'api_key', key } : null;
  }

  private async personAgain(personId: string, familyId: string | null): Promise<Caller | null> {
    const [row] = await this.dataSource.query<{ admin: boolean }[]>(
      `select installation_admin as admin from person where id = $1 and state = 'active' and ($2::uuid is null or exists (
         select from session s where s.family_id = $2 and s.person_id = $1 and s.revoked_at is null))`,
      [personId, familyId],
    );
    if (!row) return null;
    const none = { familyId: '', expiresAt: new Date(0), requestId: null };
    return { kind: 'person', person: { personId, installationAdmin: row.admin, ...none } };
  }

  /** @throws DomainError 403; of a key, it names the scope that is missing */
  allow(actor: Actor, resource: Resource, action: Action): void {
    if (actor.kind === 'api_key') return allowKey(actor, resource, action);
    if (!can(actor.roles, resource, action, { installationAdmin: actor.installationAdmin })) throw notAllowed();
  }
}

/** A project is named by its id or its slug. */
const columnOf = (project: string | undefined): 'id' | 'slug' =>
  project === undefined || UUID.test(project) ? 'id' : 'slug';

/** What a person is in a project and in the installation, as of now. */
interface Standing {
  id: string;
  roles: Role[] | null;
  /** Null where the account is closed or unknown. */
  installationAdmin: boolean | null;
}

function keyActor(key: KeyHolder, found: Standing, requestId: string | null): Actor {
  const { id, projectId, scopes, runId, createdBy } = key;
  if (projectId !== found.id) throw unknownProject();
  const madeByPlatform = createdBy === null && runId !== null;
  return {
    projectId,
    personId: null,
    requestId,
    kind: 'api_key',
    id,
    roles: ['service'],
    installationAdmin: false,
    runId,
    scopes,
    maker: madeByPlatform
      ? null
      : { personId: createdBy, roles: found.roles ?? [], installationAdmin: found.installationAdmin ?? false },
  };
}

/** A key may do what its scopes say and its maker may do now; the token of a run that the platform started, what its scopes say. */
function allowKey(actor: Actor, resource: Resource, action: Action): void {
  const scope = `${resource}:${action}`;
  if (isForPeopleOnly(resource, action)) throw peopleOnly(scope);
  if (!(actor.scopes ?? []).includes(scope)) throw scopeMissing(scope);
  if (actor.maker !== null && (!actor.maker || !isInForce(scope, actor.maker))) throw makerMayNot(scope);
}
