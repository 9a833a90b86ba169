import { writeAudit } from '@qingnang/audit';
import { DomainError, uuidv7 } from '@qingnang/kernel';
import type { DataSource, EntityManager } from 'typeorm';
import { hashPassword, readablePassword } from '../sign-in/secrets.js';
import { setPassword } from './password.service.js';

export interface Credentials {
  login: string;
  /** Shown once. */
  password: string;
}

const system = { kind: 'system', id: 'cli', projectId: null, requestId: null } as const;

/** The installation's admin, at the first start; null where there is anybody already, also when two processes start at once. */
export async function createFirstAdmin(
  dataSource: DataSource,
  login = 'admin',
): Promise<(Credentials & { id: string }) | null> {
  const password = readablePassword();
  const hash = await hashPassword(password);
  return dataSource.transaction(async (tx) => {
    await tx.query('lock table person in share row exclusive mode');
    if ((await tx.query<unknown[]>('select 1 from person limit 1')).length > 0) return null;
    const id = uuidv7();
    await tx.query(
      `insert into person (id, login, display_name, password_hash, installation_admin) values ($1, $2, $2, $3, true)`,
      [id, login, hash],
    );
    await writeAudit(tx, system, { action: 'person.create_first_admin', subjectType: 'person', subjectId: id });
    return { id, login, password };
  });
}

/**
 * For who has the machine: a new random password, all sessions ended, a closed account open again.
 * @throws DomainError 404 `person.not_found`.
 */
export async function resetPassword(dataSource: DataSource, login: string): Promise<Credentials> {
  const password = readablePassword();
  const hash = await hashPassword(password);
  return dataSource.transaction(async (tx) => {
    const person = await findByLogin(tx, login);
    await setPassword(tx, person.id, hash);
    await tx.query(`update person set state = 'active', deactivated_at = null where id = $1`, [person.id]);
    await writeAudit(tx, system, { action: 'person.reset_password', subjectType: 'person', subjectId: person.id });
    return { login: person.login, password };
  });
}

async function findByLogin(tx: EntityManager, login: string): Promise<{ id: string; login: string }> {
  const [person] = await tx.query<{ id: string; login: string }[]>(
    'select id, login from person where lower(login) = lower($1)',
    [login.trim()],
  );
  if (person) return person;
  const detail = `Nobody here signs in as ${login}: check the spelling.`;
  throw new DomainError({ code: 'person.not_found', status: 404, detail });
}
