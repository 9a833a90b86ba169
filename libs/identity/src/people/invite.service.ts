import { Inject, Injectable } from '@nestjs/common';
import { writeAudit } from '@qingnang/audit';
import { SETTINGS, type Settings } from '@qingnang/config';
import {
  type AcceptInvite,
  type Actor,
  type CreateInvite,
  type CreatedInvite,
  type Invite,
  type InvitePreview,
  type InviteQuery,
  type ListReply,
  can,
} from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { notFound, uuidv7 } from '@qingnang/kernel';
import { DataSource, type EntityManager } from 'typeorm';
import { deadLink, loginTaken } from '../identity.errors.js';
import { countAttempt } from '../sign-in/attempts.js';
import { hashPassword, newToken, tokenHash } from '../sign-in/secrets.js';
import { type Origin, SessionService, type SignedIn } from '../sign-in/session.service.js';

const columns = `i.id, i.display_name as "displayName", i.roles, i.departments, i.invited_by as "invitedBy",
  i.created_at as "createdAt", i.expires_at as "expiresAt", i.accepted_at as "acceptedAt",
  case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked'
    when i.expires_at <= now() then 'expired' else 'open' end as state`;
const open = 'i.accepted_at is null and i.revoked_at is null and i.expires_at > now()';
/** A link may be opened and sent this often without a pause; nobody guesses one, so no address is counted. */
const USES_PER_LINK = 60;

@Injectable()
export class InviteService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sessions: SessionService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  list(actor: Actor, query: InviteQuery): Promise<ListReply<Invite>> {
    return listPage<Invite, Invite>(this.dataSource, {
      select: columns,
      from: 'invite i',
      where: ['i.project_id = $1'],
      params: [actor.projectId],
      sortable: {
        createdAt: { sql: 'i.created_at', type: 'timestamptz' },
        expiresAt: { sql: 'i.expires_at', type: 'timestamptz' },
      },
      id: { sql: 'i.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  /** Makes a link; its token is in this answer and nowhere else. */
  create(actor: Actor, input: CreateInvite): Promise<CreatedInvite> {
    const id = uuidv7();
    const token = newToken();
    return this.dataSource.transaction(async (tx) => {
      const [made] = await tx.query<Invite[]>(
        `with i as (
           insert into invite (id, project_id, token_hash, display_name, roles, departments, invited_by, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8)) returning *)
         select ${columns} from i`,
        [
          ...[id, actor.projectId, tokenHash(token), input.displayName, input.roles, input.departments, actor.personId],
          input.days ?? this.settings.inviteDays,
        ],
      );
      const after = { roles: input.roles, departments: input.departments };
      await writeAudit(tx, actor, { action: 'invite.create', subjectType: 'invite', subjectId: id, after });
      return { ...made!, token };
    });
  }

  /** Takes an open link back. Once more is harmless. */
  revoke(actor: Actor, id: string): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const [found] = await tx.query<{ accepted: boolean }[]>(
        `select accepted_at is not null as accepted from invite where project_id = $1 and id = $2 for update`,
        [actor.projectId, id],
      );
      if (!found) throw notFound('invite', id);
      if (found.accepted) throw deadLink('invite');
      await tx.query('update invite set revoked_at = coalesce(revoked_at, now()) where id = $1', [id]);
      await writeAudit(tx, actor, { action: 'invite.revoke', subjectType: 'invite', subjectId: id });
    });
  }

  /** What a link invites to. @throws DomainError 410 for a dead link; 429 for one that is opened all the time */
  async preview(token: string): Promise<InvitePreview> {
    await this.countUse(token);
    const [row] = await this.dataSource.query<InvitePreview[]>(
      `select p.name as "projectName", i.display_name as "displayName", i.roles, i.expires_at as "expiresAt"
       from invite i join project p on p.id = i.project_id where i.token_hash = $1 and ${open}`,
      [tokenHash(token)],
    );
    if (!row || !(await this.mayInvite(this.dataSource, token))) throw deadLink('invite');
    return row;
  }

  /**
   * Makes the account, its membership, and signs it in.
   * @throws DomainError 410 `invite.dead_link`; 409 `person.login_taken`.
   */
  async accept(input: AcceptInvite, origin: Origin): Promise<SignedIn> {
    await this.countUse(input.token);
    return this.dataSource.transaction(async (tx) => {
      const invite = await this.take(tx, input.token);
      const personId = uuidv7();
      const made = await tx.query<unknown[]>(
        `insert into person (id, login, display_name, password_hash, language) values ($1, $2, $3, $4, $5)
         on conflict (lower(login)) do nothing returning id`,
        [personId, input.login, input.displayName, await hashPassword(input.password), input.language],
      );
      if (made.length === 0) throw loginTaken();
      await this.join(tx, invite, personId, origin.requestId);
      return this.sessions.start(tx, personId, origin);
    });
  }

  /** Adds a project to an account that exists already; roles are added to those held there. */
  async acceptSignedIn(token: string, personId: string, requestId: string | null): Promise<void> {
    await this.countUse(token);
    await this.dataSource.transaction(async (tx) => {
      await this.join(tx, await this.take(tx, token), personId, requestId);
    });
  }

  private async countUse(token: string): Promise<void> {
    const [invite] = await this.dataSource.query<{ id: string }[]>(
      `select i.id from invite i where i.token_hash = $1 and ${open}`,
      [tokenHash(token)],
    );
    if (!invite) throw deadLink('invite');
    await countAttempt(this.dataSource, `invite:${invite.id}`, USES_PER_LINK);
  }

  private async take(tx: EntityManager, token: string): Promise<Taken> {
    const [invite] = await tx.query<Taken[]>(
      `select i.id, i.project_id as "projectId", i.roles, i.departments from invite i
       where i.token_hash = $1 and ${open} for update`,
      [tokenHash(token)],
    );
    if (!invite || !(await this.mayInvite(tx, token))) throw deadLink('invite');
    return invite;
  }

  /** An invite is as good as the right of whoever made it, now. */
  private async mayInvite(db: Queryable, token: string): Promise<boolean> {
    const [maker] = await db.query<{ roles: string[] | null; installationAdmin: boolean }[]>(
      `select m.roles, h.installation_admin as "installationAdmin" from invite i
       join person h on h.id = i.invited_by and h.state = 'active'
       left join membership m on m.project_id = i.project_id and m.person_id = h.id where i.token_hash = $1`,
      [tokenHash(token)],
    );
    return maker !== undefined && can(maker.roles ?? [], 'invites', 'create', maker);
  }

  private async join(tx: EntityManager, invite: Taken, personId: string, requestId: string | null): Promise<void> {
    await tx.query(
      `insert into membership (project_id, person_id, roles, departments) values ($1, $2, $3, $4)
       on conflict (project_id, person_id) do update set revision = membership.revision + 1,
         roles = array(select distinct unnest(membership.roles || excluded.roles)),
         departments = array(select distinct unnest(membership.departments || excluded.departments))`,
      [invite.projectId, personId, invite.roles, invite.departments],
    );
    await tx.query('update invite set accepted_at = now(), accepted_by = $2 where id = $1', [invite.id, personId]);
    const actor = { kind: 'person', id: personId, projectId: invite.projectId, requestId } as const;
    const after = { personId, roles: invite.roles };
    await writeAudit(tx, actor, { action: 'invite.accept', subjectType: 'invite', subjectId: invite.id, after });
  }
}

interface Taken {
  id: string;
  projectId: string;
  roles: string[];
  departments: string[];
}
