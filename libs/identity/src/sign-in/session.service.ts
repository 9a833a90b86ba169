import { Inject, Injectable } from '@nestjs/common';
import { writeAudit } from '@qingnang/audit';
import { KEYS, SETTINGS, type Keys, type Settings } from '@qingnang/config';
import { uuidv7 } from '@qingnang/kernel';
import { notifyAccess } from '@qingnang/queue';
import { DataSource, type EntityManager } from 'typeorm';
import { AccessTokens } from './access-tokens.js';
import { signInNeeded, wrongCredentials } from '../identity.errors.js';
import { rememberDevice } from './known-devices.js';
import { passwordFits, refreshToken, tokenHash } from './secrets.js';
import { SignInLimits } from './sign-in-limits.js';

/** Where a request comes from. */
export interface Origin {
  address: string;
  /** The browser's name of its device cookie, if it has one. */
  device: string | undefined;
  requestId: string | null;
}

/** What a sign-in or a refresh hands out. The refresh token goes into the cookie only. */
export interface SessionTokens {
  personId: string;
  accessToken: string;
  expiresIn: number;
  refreshToken: string;
  refreshExpiresAt: Date;
}

/** With the name that the browser keeps when the session is over. */
export interface SignedIn extends SessionTokens {
  device: string;
}

interface SessionRow {
  id: string;
  personId: string;
  familyId: string;
  alive: boolean;
  /** Seconds since it was used; null while it is not. */
  usedAgo: number | null;
}

/** Two tabs that wake together present the same token; the later one is no thief for this long. */
const RACE_SECONDS = 10;

@Injectable()
export class SessionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tokens: AccessTokens,
    private readonly limits: SignInLimits,
    @Inject(KEYS) private readonly keys: Keys,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Starts a session. Unknown logins take as long as wrong passwords.
   * @throws DomainError 401 `auth.wrong_credentials`; 429 after too many attempts on the account from here.
   */
  async signIn(login: string, password: string, origin: Origin): Promise<SignedIn> {
    const name = login.trim().toLowerCase();
    const [person] = await this.dataSource.query<{ id: string; hash: string | null; state: string }[]>(
      'select id, password_hash as hash, state from person where lower(login) = lower($1)',
      [name],
    );
    const attempt = await this.limits.count({ personId: person?.id, login: name }, origin);
    const fits = await passwordFits(person?.hash, password);
    if (!fits || person?.state !== 'active') throw wrongCredentials();
    await attempt.succeeded();
    return this.dataSource.transaction(async (tx) => {
      // Looked at again while the person is held: the password may have been changed, or the account closed, meanwhile.
      const [still] = await tx.query<unknown[]>(
        `select from person where id = $1 and state = 'active' and password_hash = $2 for share`,
        [person.id, person.hash],
      );
      if (!still) throw wrongCredentials();
      return this.start(tx, person.id, origin);
    });
  }

  /** Opens a new family of refresh tokens for a person; the browser is known to the account from now on. */
  async start(tx: EntityManager, personId: string, origin: Origin): Promise<SignedIn> {
    const familyId = uuidv7();
    await this.audit(tx, personId, origin.requestId, 'session.start', familyId);
    const tokens = await this.next(tx, personId, familyId);
    return { ...tokens, device: await rememberDevice(tx, personId, familyId, origin.device) };
  }

  /**
   * Swaps a refresh token for its successor. A token that was used more than ten seconds ago has been stolen or
   * copied: its whole family ends. Within the ten seconds (two tabs) both are given the same, newest token of the
   * family, so a family never forks.
   * @throws DomainError 401
   */
  async refresh(token: string | undefined, origin: Origin): Promise<SignedIn> {
    if (token === undefined || token === '') throw signInNeeded('You are not signed in here.');
    const outcome = await this.dataSource.transaction((tx) => this.swap(tx, token, origin));
    if (outcome === 'reused')
      throw signInNeeded('This session was used in two places and has been ended: sign in again.');
    return outcome;
  }

  /** Ends the family of this refresh token; harmless when it is none. */
  async signOut(token: string | undefined, requestId: string | null): Promise<void> {
    if (token === undefined || token === '') return;
    await this.dataSource.transaction(async (tx) => {
      const row = await this.find(tx, token);
      if (!row) return;
      await this.endFamily(tx, row);
      await this.audit(tx, row.personId, requestId, 'session.end', row.familyId);
    });
  }

  private async swap(tx: EntityManager, token: string, origin: Origin): Promise<SignedIn | 'reused'> {
    const row = await this.find(tx, token);
    if (!row || !row.alive) throw signInNeeded('Your session has ended: sign in again.');
    if (row.usedAgo !== null && row.usedAgo > RACE_SECONDS) {
      await this.endFamily(tx, row);
      await this.audit(tx, row.personId, origin.requestId, 'session.reuse_detected', row.familyId);
      return 'reused';
    }
    const tokens = await this.successor(tx, row);
    return { ...tokens, device: await rememberDevice(tx, row.personId, row.familyId, origin.device) };
  }

  private async successor(tx: EntityManager, row: SessionRow): Promise<SessionTokens> {
    if (row.usedAgo !== null) return this.newestOf(tx, row);
    await tx.query('update session set used_at = now() where id = $1', [row.id]);
    return this.next(tx, row.personId, row.familyId);
  }

  /**
   * Locks the row, so that of two tabs one comes second; and before it the person, so that whoever ends all sessions of
   * theirs misses none that is just being made.
   */
  private async find(tx: EntityManager, token: string): Promise<SessionRow | undefined> {
    await tx.query('select from person where id = (select person_id from session where refresh_hash = $1) for share', [
      tokenHash(token),
    ]);
    const rows = await tx.query<SessionRow[]>(
      `select s.id, s.person_id as "personId", s.family_id as "familyId",
         s.revoked_at is null and s.expires_at > now() and p.state = 'active' as alive,
         extract(epoch from clock_timestamp() - s.used_at)::float8 as "usedAgo"
       from session s join person p on p.id = s.person_id where s.refresh_hash = $1 for update of s`,
      [tokenHash(token)],
    );
    return rows[0];
  }

  private async newestOf(tx: EntityManager, row: SessionRow): Promise<SessionTokens> {
    const [tip] = await tx.query<{ id: string; expiresAt: Date }[]>(
      `select id, expires_at as "expiresAt" from session
       where family_id = $1 and used_at is null and revoked_at is null order by id desc limit 1`,
      [row.familyId],
    );
    if (!tip) throw signInNeeded('Your session has ended: sign in again.');
    return this.handOut(row.personId, row.familyId, tip.id, tip.expiresAt);
  }

  /** Tokens of this person that have expired go: whoever shows one of them is told the same as with none. */
  private async next(tx: EntityManager, personId: string, familyId: string): Promise<SessionTokens> {
    const id = uuidv7();
    const hash = tokenHash(refreshToken(this.keys.signingKey, id));
    const [made] = await tx.query<{ expiresAt: Date }[]>(
      `with expired as (
         delete from session where id = any (array(
           select id from session where person_id = $2 and expires_at < now() limit 100 for update skip locked)))
       insert into session (id, person_id, family_id, refresh_hash, expires_at)
       values ($1, $2, $3, $4, now() + make_interval(days => $5)) returning expires_at as "expiresAt"`,
      [id, personId, familyId, hash, this.settings.refreshDays],
    );
    return this.handOut(personId, familyId, id, made!.expiresAt);
  }

  private async handOut(personId: string, familyId: string, id: string, expiresAt: Date): Promise<SessionTokens> {
    return {
      personId,
      accessToken: await this.tokens.issue(personId, familyId),
      expiresIn: this.tokens.lifetime,
      refreshToken: refreshToken(this.keys.signingKey, id),
      refreshExpiresAt: expiresAt,
    };
  }

  private async endFamily(
    tx: EntityManager,
    { familyId, personId }: Pick<SessionRow, 'familyId' | 'personId'>,
  ): Promise<void> {
    await tx.query('update session set revoked_at = now() where family_id = $1 and revoked_at is null', [familyId]);
    await notifyAccess(tx, personId);
  }

  private async audit(
    tx: EntityManager,
    personId: string,
    requestId: string | null,
    action: string,
    familyId: string,
  ): Promise<void> {
    const actor = { kind: 'person', id: personId, projectId: null, requestId } as const;
    await writeAudit(tx, actor, { action, subjectType: 'session', subjectId: familyId });
  }
}

/** Ends all sessions of a person at once, but perhaps the one at hand. */
export async function endSessions(
  tx: Pick<EntityManager, 'query'>,
  personId: string,
  exceptFamily: string | null = null,
): Promise<void> {
  // Sessions that are being made at this moment are waited for: the update below would not see them.
  await tx.query('select from person where id = $1 for no key update', [personId]);
  await tx.query(
    'update session set revoked_at = now() where person_id = $1 and revoked_at is null and family_id is distinct from $2::uuid',
    [personId, exceptFamily],
  );
  await notifyAccess(tx, personId);
}
