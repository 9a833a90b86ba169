import type { Queryable } from '@qingnang/database';
import { newToken, tokenHash } from './secrets.js';

/** Browsers one account is known in; the one not seen for longest goes. */
const DEVICES_PER_PERSON = 20;

/** Whether this person has signed in on the device before. Asks the same of nobody, so that both take as long. */
export async function isKnownDevice(
  db: Queryable,
  personId: string | undefined,
  device: string | undefined,
): Promise<boolean> {
  if (device === undefined) return false;
  const found = await db.query<unknown[]>('select from known_device where person_id = $1 and device_hash = $2', [
    personId ?? null,
    tokenHash(device),
  ]);
  return found.length > 0;
}

/**
 * Notes that the person has signed in on the device, and names it anew where the name it gave is none of ours.
 * @returns the device's name, for its cookie
 */
export async function rememberDevice(
  tx: Queryable,
  personId: string,
  familyId: string,
  device: string | undefined,
): Promise<string> {
  const named = await tx.query<unknown[]>('select from known_device where device_hash = $1 limit 1', [
    tokenHash(device ?? ''),
  ]);
  const name = device !== undefined && named.length > 0 ? device : newToken();
  await tx.query(
    `insert into known_device (person_id, device_hash, family_id) values ($1, $2, $3)
     on conflict (person_id, device_hash) do update set family_id = excluded.family_id, seen_at = now()`,
    [personId, tokenHash(name), familyId],
  );
  await tx.query(
    `delete from known_device where person_id = $1 and device_hash in (
       select device_hash from known_device where person_id = $1 order by seen_at desc, device_hash offset $2)`,
    [personId, DEVICES_PER_PERSON],
  );
  return name;
}

/** After a change of password: every device but perhaps that of the session at hand is a stranger again. */
export async function forgetDevices(tx: Queryable, personId: string, exceptFamily: string | null): Promise<void> {
  await tx.query('delete from known_device where person_id = $1 and family_id is distinct from $2::uuid', [
    personId,
    exceptFamily,
  ]);
}
