import { Injectable } from '@nestjs/common';
import { writeAudit } from '@qingnang/audit';
import type { Account, AccountQuery, DeactivatedAccount, ListReply, Person, UpdateMe } from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { DomainError, notFound } from '@qingnang/kernel';
import { DataSource, type EntityManager } from 'typeorm';
import { endAccess, type ReleaseTasks } from '../access/end-access.js';
import type { SignedInPerson } from '../sign-in/authenticator.js';

const columns = `p.id, p.login, p.display_name as "displayName", p.language, p.installation_admin as "installationAdmin",
  p.state, p.created_at as "createdAt", p.deactivated_at as "deactivatedAt",
  (select count(*)::int from membership m where m.person_id = p.id) as projects`;

/** Accounts of the installation: one's own, and for the installation's admin all. */
@Injectable()
export class AccountService {
  constructor(private readonly dataSource: DataSource) {}

  list(query: AccountQuery): Promise<ListReply<Account>> {
    const params: unknown[] = [];
    const where: string[] = [];
    if (query.q) where.push(`position(lower($${params.push(query.q)}) in lower(p.login || ' ' || p.display_name)) > 0`);
    return listPage<Account, Account>(this.dataSource, {
      select: columns,
      from: 'person p',
      where,
      params,
      sortable: { login: { sql: 'p.login', type: 'text' }, createdAt: { sql: 'p.created_at', type: 'timestamptz' } },
      id: { sql: 'p.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  /** Changes one's own name or language. */
  updateMe(me: SignedInPerson, change: UpdateMe): Promise<Person> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query(
        'update person set language = coalesce($2, language), display_name = coalesce($3, display_name) where id = $1',
        [me.personId, change.language ?? null, change.displayName ?? null],
      );
      await this.audit(tx, me, 'person.update', me.personId, { changed: Object.keys(change).sort() });
      return this.find(tx, me.personId);
    });
  }

  /**
   * Closes an account: with it end its sign-ins, keys, invites, links, streams and held tasks, in every project and at once.
   * Opening it again brings none of them back.
   * @throws DomainError 409 `person.last_installation_admin`.
   */
  deactivate(by: SignedInPerson, personId: string, releaseTasks: ReleaseTasks): Promise<DeactivatedAccount> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query('select from person where installation_admin order by id for update');
      const person = await this.find(tx, personId);
      if (person.installationAdmin) await this.keepAnAdmin(tx, personId);
      await tx.query(
        `update person set state = 'deactivated', deactivated_at = coalesce(deactivated_at, now()) where id = $1`,
        [personId],
      );
      const ended = await endAccess(tx, personId, null, releaseTasks);
      await this.audit(tx, by, 'person.deactivate', personId, { state: 'deactivated', ended });
      return { ...(await this.find(tx, personId)), ended };
    });
  }

  /** Opens a closed account again, with the password and the memberships it had. */
  reactivate(by: SignedInPerson, personId: string): Promise<Account> {
    return this.dataSource.transaction(async (tx) => {
      await this.find(tx, personId);
      await tx.query(`update person set state = 'active', deactivated_at = null where id = $1`, [personId]);
      await this.audit(tx, by, 'person.reactivate', personId, { state: 'active' });
      return this.find(tx, personId);
    });
  }

  private async find(tx: EntityManager, id: string): Promise<Account> {
    const [row] = await tx.query<Account[]>(`select ${columns} from person p where p.id = $1`, [id]);
    if (!row) throw notFound('person', id);
    return row;
  }

  private async keepAnAdmin(tx: EntityManager, leaving: string): Promise<void> {
    const others = await tx.query<unknown[]>(
      `select 1 from person where installation_admin and state = 'active' and id <> $1 limit 1`,
      [leaving],
    );
    if (others.length > 0) return;
    const detail = 'The last admin of the installation stays: make someone else admin first.';
    throw new DomainError({ code: 'person.last_installation_admin', status: 409, detail });
  }

  private audit(
    tx: EntityManager,
    by: SignedInPerson,
    action: string,
    subjectId: string,
    after: Record<string, unknown>,
  ): Promise<void> {
    const actor = { kind: 'person', id: by.personId, projectId: null, requestId: by.requestId } as const;
    return writeAudit(tx, actor, { action, subjectType: 'person', subjectId, after });
  }
}
