import type { EndedAccess } from '@qingnang/contracts';
import { notifyAccess } from '@qingnang/queue';
import type { EntityManager } from 'typeorm';
import { endSessions } from '../sign-in/session.service.js';

/** Takes back the tasks that a person holds, in one project or in all; says how many. Tasks stand above people. */
export type ReleaseTasks = (tx: EntityManager, personId: string, projectId: string | null) => Promise<number>;

async function countRows(tx: EntityManager, sql: string, params: unknown[]): Promise<number> {
  const [row] = await tx.query<{ n: number }[]>(`with ended as (${sql}) select count(*)::int as n from ended`, params);
  return row!.n;
}

/**
 * Ends all that a person has handed out or holds open in a project (in every project where none is named): keys, invites,
 * streams, signed addresses, tasks. The same transaction takes their membership or closes their account.
 */
export async function endAccess(
  tx: EntityManager,
  personId: string,
  projectId: string | null,
  releaseTasks: ReleaseTasks,
): Promise<EndedAccess> {
  const who = [personId, projectId];
  const here = '($2::uuid is null or project_id = $2)';
  const apiKeys = await countRows(
    tx,
    `update api_key set revoked_at = now() where created_by = $1 and ${here} and revoked_at is null
       and (expires_at is null or expires_at > now()) returning id`,
    who,
  );
  const invites = await endInvites(tx, personId, projectId);
  const [leases] = await tx.query<{ streams: number; downloads: number }[]>(
    `with ended as (delete from access_lease where person_id = $1 and ${here} returning kind, until)
     select count(*) filter (where kind = 'stream' and until > now())::int as streams,
       count(*) filter (where kind = 'download' and until > now())::int as downloads from ended`,
    who,
  );
  const tasks = await releaseTasks(tx, personId, projectId);
  const account = projectId === null ? await endAccount(tx, personId) : { sessions: 0, resetLinks: 0 };
  await notifyAccess(tx, personId);
  return { apiKeys, invites, ...leases!, tasks, ...account };
}

/** Takes back the open invites that a person made. */
export function endInvites(tx: EntityManager, personId: string, projectId: string | null): Promise<number> {
  return countRows(
    tx,
    `update invite set revoked_at = now() where invited_by = $1 and ($2::uuid is null or project_id = $2)
       and accepted_at is null and revoked_at is null and expires_at > now() returning id`,
    [personId, projectId],
  );
}

/** Sign-ins, and links that set a password: their own, and those they made for others, with which they could come back. */
async function endAccount(tx: EntityManager, personId: string): Promise<Pick<EndedAccess, 'sessions' | 'resetLinks'>> {
  const [signedIn] = await tx.query<{ n: number }[]>(
    `select count(distinct family_id)::int as n from session
     where person_id = $1 and revoked_at is null and used_at is null and expires_at > now()`,
    [personId],
  );
  await endSessions(tx, personId);
  const resetLinks = await countRows(
    tx,
    `update reset_token set used_at = now() where (person_id = $1 or made_by = $1) and used_at is null
       and expires_at > now() returning id`,
    [personId],
  );
  return { sessions: signedIn!.n, resetLinks };
}
