import type { Queryable } from '@qingnang/database';
import { uuidv7 } from '@qingnang/kernel';
import { randomInt } from 'node:crypto';
import { newToken, sameText, tokenHash } from '../sign-in/secrets.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const FORM = /^qn_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/;

/** Whom a presented key stands for. */
export interface KeyHolder {
  id: string;
  projectId: string;
  scopes: string[];
  runId: string | null;
  createdBy: string | null;
}

export interface NewApiKey {
  projectId: string;
  name: string;
  /** `resource:action` each. */
  scopes: readonly string[];
  /** Binds the key to one run. */
  runId?: string | null;
  /** Whose rights bound the key's; null for the platform itself, and then the key must be a run's. */
  createdBy: string | null;
  expiresAt: Date | null;
}

/** Makes a key, `qn_<prefix>_<256 bits>`; the caller shows it once and writes the audit entry. Only its hash is stored. */
export async function issueApiKey(tx: Queryable, input: NewApiKey): Promise<{ id: string; key: string }> {
  const prefix = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const key = `qn_${prefix}_${newToken()}`;
  const id = uuidv7();
  await tx.query(
    `insert into api_key (id, project_id, name, prefix, key_hash, scopes, run_id, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      id,
      input.projectId,
      input.name,
      `qn_${prefix}`,
      tokenHash(key),
      input.scopes,
      input.runId ?? null,
      input.createdBy,
      input.expiresAt,
    ],
  );
  return { id, key };
}

/** Ends every token of a run that has ended. */
export async function revokeRunKeys(tx: Queryable, projectId: string, runId: string): Promise<void> {
  await tx.query(`update api_key set revoked_at = now() where project_id = $1 and run_id = $2 and revoked_at is null`, [
    projectId,
    runId,
  ]);
}

/** Lets the tokens of a run be good until then at most. */
export async function limitRunKeys(tx: Queryable, projectId: string, runId: string, until: Date): Promise<void> {
  await tx.query(
    `update api_key set expires_at = least(expires_at, $3) where project_id = $1 and run_id = $2 and revoked_at is null`,
    [projectId, runId, until],
  );
}

const HOLDER = `id, project_id as "projectId", scopes, run_id as "runId", created_by as "createdBy"`;
const GOOD = 'revoked_at is null and (expires_at is null or expires_at > now())';

/** The holder of a key that was presented before, if it is still good. */
export async function readKeyById(db: Queryable, id: string): Promise<KeyHolder | undefined> {
  const [row] = await db.query<KeyHolder[]>(`select ${HOLDER} from api_key where id = $1 and ${GOOD}`, [id]);
  return row;
}

/** The holder of a key that is good now. Its last use is noted once a minute at most, to spare the table. */
export async function readApiKey(db: Queryable, key: string): Promise<KeyHolder | undefined> {
  if (!FORM.test(key)) return undefined;
  const hash = tokenHash(key);
  const [row] = await db.query<(KeyHolder & { hash: string; seen: boolean })[]>(
    `select ${HOLDER}, key_hash as hash, coalesce(last_used_at > now() - interval '1 minute', false) as seen
     from api_key where key_hash = $1 and ${GOOD}`,
    [hash],
  );
  if (!row || !sameText(row.hash, hash)) return undefined;
  if (!row.seen) await db.query('update api_key set last_used_at = now() where id = $1', [row.id]);
  const { id, projectId, scopes, runId, createdBy } = row;
  return { id, projectId, scopes, runId, createdBy };
}
