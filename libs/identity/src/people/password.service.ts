import { Inject, Injectable } from '@nestjs/common';
import { writeAudit } from '@qingnang/audit';
import { SETTINGS, type Settings } from '@qingnang/config';
import type { ChangePassword, ResetLink, ResetPassword } from '@qingnang/contracts';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { DataSource, type EntityManager } from 'typeorm';
import { deadLink } from '../identity.errors.js';
import type { SignedInPerson } from '../sign-in/authenticator.js';
import { countAttempt, forgetAttempts } from '../sign-in/attempts.js';
import { forgetDevices } from '../sign-in/known-devices.js';
import { hashPassword, newToken, passwordFits, tokenHash } from '../sign-in/secrets.js';
import { endSessions } from '../sign-in/session.service.js';
import { forgetSignInAttempts } from '../sign-in/sign-in-limits.js';

/** A link may be sent this often without a pause; nobody guesses one, so no address is counted. */
const USES_PER_LINK = 60;
const openLink = `r.token_hash = $1 and r.used_at is null and r.expires_at > now() and p.state = 'active'`;

@Injectable()
export class PasswordService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Changes one's own password and ends one's other sessions.
   * @throws DomainError 422 `password.wrong`; 429 after too many wrong ones.
   */
  async change(person: SignedInPerson, input: ChangePassword): Promise<void> {
    const counter = `password:${person.personId}`;
    await countAttempt(this.dataSource, counter, this.settings.signInAttempts);
    const [row] = await this.dataSource.query<{ hash: string | null }[]>(
      'select password_hash as hash from person where id = $1',
      [person.personId],
    );
    if (!(await passwordFits(row?.hash, input.currentPassword))) throw wrongPassword();
    await forgetAttempts(this.dataSource, counter);
    const hash = await hashPassword(input.newPassword);
    await this.dataSource.transaction(async (tx) => {
      // A link may have set another one meanwhile, since this one was in wrong hands: that stands.
      const [still] = await tx.query<unknown[]>(
        'select from person where id = $1 and password_hash = $2 for no key update',
        [person.personId, row!.hash],
      );
      if (!still) throw wrongPassword();
      await setPassword(tx, person.personId, hash, person.familyId);
      await this.audit(tx, person.personId, person.requestId, 'person.change_password', person.personId);
    });
  }

  /** A link with which someone sets a new password; an earlier one for them dies. Its token is shown this once. */
  createLink(by: SignedInPerson, personId: string): Promise<ResetLink> {
    const id = uuidv7();
    const token = newToken();
    return this.dataSource.transaction(async (tx) => {
      const found = await tx.query<unknown[]>(`select 1 from person where id = $1 and state = 'active'`, [personId]);
      if (found.length === 0) throw notFound('person', personId);
      await tx.query('update reset_token set used_at = now() where person_id = $1 and used_at is null', [personId]);
      const [made] = await tx.query<{ expiresAt: string }[]>(
        `insert into reset_token (id, person_id, token_hash, made_by, expires_at)
         values ($1, $2, $3, $4, now() + make_interval(hours => $5)) returning expires_at as "expiresAt"`,
        [id, personId, tokenHash(token), by.personId, this.settings.resetHours],
      );
      await this.audit(tx, by.personId, by.requestId, 'person.create_reset_link', personId);
      return { id, token, expiresAt: made!.expiresAt };
    });
  }

  /** Sets the password a link allows to set, once, and ends every session of the person. @throws DomainError 410 */
  async reset(input: ResetPassword, requestId: string | null): Promise<void> {
    await this.countUse(input.token);
    const hash = await hashPassword(input.password);
    await this.dataSource.transaction(async (tx) => {
      const [link] = await tx.query<{ id: string; personId: string }[]>(
        `select r.id, r.person_id as "personId" from reset_token r join person p on p.id = r.person_id
         where ${openLink} for update of r`,
        [tokenHash(input.token)],
      );
      if (!link) throw deadLink('reset');
      await tx.query('update reset_token set used_at = now() where id = $1', [link.id]);
      await setPassword(tx, link.personId, hash);
      await this.audit(tx, link.personId, requestId, 'person.reset_password', link.personId);
    });
  }

  private async countUse(token: string): Promise<void> {
    const [link] = await this.dataSource.query<{ id: string }[]>(
      `select r.id from reset_token r join person p on p.id = r.person_id where ${openLink}`,
      [tokenHash(token)],
    );
    if (!link) throw deadLink('reset');
    await countAttempt(this.dataSource, `reset:${link.id}`, USES_PER_LINK);
  }

  private audit(
    tx: EntityManager,
    by: string,
    requestId: string | null,
    action: string,
    subjectId: string,
  ): Promise<void> {
    const actor = { kind: 'person', id: by, projectId: null, requestId } as const;
    return writeAudit(tx, actor, { action, subjectType: 'person', subjectId });
  }
}

function wrongPassword(): DomainError {
  const detail = 'The current password is not right: type it again, or ask your admin for a reset link.';
  return new DomainError({ code: 'password.wrong', status: 422, field: '/currentPassword', detail });
}

/** Stores the hash, ends the person's sessions but perhaps the one at hand, and forgets devices and failed attempts. */
export async function setPassword(
  tx: EntityManager,
  personId: string,
  hash: string,
  exceptFamily: string | null = null,
): Promise<void> {
  await tx.query('update person set password_hash = $2 where id = $1', [personId, hash]);
  await endSessions(tx, personId, exceptFamily);
  await forgetDevices(tx, personId, exceptFamily);
  await forgetSignInAttempts(tx, personId);
}
