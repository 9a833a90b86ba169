import { Injectable } from '@nestjs/common';
import { writeAudit } from '@qingnang/audit';
import {
  type Actor,
  can,
  type EndedAccess,
  type ListReply,
  type Member,
  type MemberQuery,
  type UpdateMember,
} from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { notifyAccess } from '@qingnang/queue';
import { DataSource, type EntityManager } from 'typeorm';
import { endAccess, endInvites, type ReleaseTasks } from '../access/end-access.js';
import { lastAdmin, staleRevision } from '../identity.errors.js';

const columns = `m.person_id as id, p.login, p.display_name as "displayName", p.state, m.roles, m.departments, m.title,
  m.licence_number as "licenceNumber", m.licence_checked_by as "licenceCheckedBy",
  m.licence_checked_at as "licenceCheckedAt", m.revision, m.created_at as "createdAt"`;
const table = 'membership m join person p on p.id = m.person_id';

@Injectable()
export class MemberService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: MemberQuery): Promise<ListReply<Member>> {
    const params: unknown[] = [actor.projectId];
    const where = ['m.project_id = $1'];
    if (query.role) where.push(`$${params.push(query.role)} = any (m.roles)`);
    if (query.q) where.push(`position(lower($${params.push(query.q)}) in lower(p.login || ' ' || p.display_name)) > 0`);
    return listPage<Member, Member>(this.dataSource, {
      select: columns,
      from: table,
      where,
      params,
      sortable: {
        login: { sql: 'p.login', type: 'text' },
        displayName: { sql: 'p.display_name', type: 'text' },
        createdAt: { sql: 'm.created_at', type: 'timestamptz' },
      },
      id: { sql: 'm.person_id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  read(actor: Actor, personId: string): Promise<Member> {
    return this.find(this.dataSource.manager, actor, personId);
  }

  /**
   * Changes roles, departments, licence. Invites end with the right to make them, so that nobody comes back by their own.
   * @throws DomainError 412 `revision.stale`; 409 `member.last_admin`.
   */
  update(actor: Actor, personId: string, revision: number, change: UpdateMember): Promise<Member> {
    return this.dataSource.transaction(async (tx) => {
      await this.lockMembers(tx, actor);
      const before = await this.find(tx, actor, personId);
      if (before.revision !== revision) throw staleRevision();
      const roles = change.roles ?? before.roles;
      if (before.roles.includes('admin') && !roles.includes('admin')) await this.keepAnAdmin(tx, actor, personId);
      const licence = change.licenceNumber === undefined ? before.licenceNumber : change.licenceNumber;
      const check = licenceCheck(before, licence, change.licenceChecked, actor.personId);
      await tx.query(
        `update membership set roles = $3, departments = $4, title = $5, licence_number = $6, licence_checked_by = $7,
           licence_checked_at = $8, revision = revision + 1 where project_id = $1 and person_id = $2`,
        [
          ...[actor.projectId, personId, roles, change.departments ?? before.departments],
          ...[change.title === undefined ? before.title : change.title, licence, check.by, check.at],
        ],
      );
      const after = await this.find(tx, actor, personId);
      const invites = can(roles, 'invites', 'create') ? 0 : await endInvites(tx, personId, actor.projectId);
      await notifyAccess(tx, personId);
      await writeAudit(tx, actor, {
        action: 'member.update',
        subjectType: 'person',
        subjectId: personId,
        before: rights(before),
        after: { ...rights(after), ...(invites > 0 ? { invitesEnded: invites } : {}) },
      });
      return after;
    });
  }

  /** Takes someone out of the project, with all they have handed out or hold there; what they did stays theirs. */
  remove(actor: Actor, personId: string, releaseTasks: ReleaseTasks): Promise<EndedAccess> {
    return this.dataSource.transaction(async (tx) => {
      await this.lockMembers(tx, actor);
      const before = await this.find(tx, actor, personId);
      if (before.roles.includes('admin')) await this.keepAnAdmin(tx, actor, personId);
      await tx.query('delete from membership where project_id = $1 and person_id = $2', [actor.projectId, personId]);
      const ended = await endAccess(tx, personId, actor.projectId, releaseTasks);
      const act = { action: 'member.remove', subjectType: 'person', subjectId: personId };
      await writeAudit(tx, actor, { ...act, before: rights(before), after: { ended } });
      return ended;
    });
  }

  private async find(tx: EntityManager, actor: Actor, personId: string): Promise<Member> {
    const [row] = await tx.query<Member[]>(
      `select ${columns} from ${table} where m.project_id = $1 and m.person_id = $2`,
      [actor.projectId, personId],
    );
    if (!row) throw notFound('member', personId);
    return row;
  }

  /** Two admins who remove each other at once must not both succeed. */
  private async lockMembers(tx: EntityManager, actor: Actor): Promise<void> {
    await tx.query('select from project where id = $1 for update', [actor.projectId]);
  }

  private async keepAnAdmin(tx: EntityManager, actor: Actor, leaving: string): Promise<void> {
    const others = await tx.query<unknown[]>(
      `select 1 from ${table} where m.project_id = $1 and m.person_id <> $2 and 'admin' = any (m.roles) and p.state = 'active' limit 1`,
      [actor.projectId, leaving],
    );
    if (others.length === 0) throw lastAdmin();
  }
}

/** Who has seen the licence, and when: another number has to be seen anew. */
function licenceCheck(
  before: Member,
  licence: string | null,
  wished: boolean | undefined,
  by: string | null,
): { by: string | null; at: string | Date | null } {
  const stood = before.licenceCheckedBy !== null && licence === before.licenceNumber;
  if (!(wished ?? stood) || licence === null) return { by: null, at: null };
  return stood ? { by: before.licenceCheckedBy, at: before.licenceCheckedAt } : { by, at: new Date() };
}

/** What the log keeps of a membership: no licence number. */
function rights(member: Member): Record<string, unknown> {
  const { roles, departments, licenceCheckedBy, revision } = member;
  return { roles, departments, licenceCheckedBy, revision };
}
