import type { EntityManager } from 'typeorm';

/** The one PostgreSQL channel that api processes listen on. */
export const EVENT_CHANNEL = 'qingnang';

/** What screens are told: that something of a topic changed, never what it says. */
export interface ProjectEvent {
  projectId: string;
  /** Plural resource name, e.g. `imports`. */
  topic: string;
  id: string;
}

/** Tells listening screens when the transaction commits. */
export async function notify(tx: EntityManager, projectId: string, topic: string, id: string): Promise<void> {
  await tx.query(`select ${notifySql('$1')}`, [eventOf(projectId, topic, id)]);
}

/** The same for a statement that does more: an SQL expression that tells of the {@link eventOf} in a parameter. */
export const notifySql = (parameter: string): string => `pg_notify('${EVENT_CHANNEL}', ${parameter})`;

export function eventOf(projectId: string, topic: string, id: string): string {
  const event: ProjectEvent = { projectId, topic, id };
  return JSON.stringify(event);
}

/** The channel on which api processes hear that somebody's access has changed. */
export const ACCESS_CHANNEL = 'qingnang_access';

/** Has every process look again at what this person, or a key they made, holds open. */
export async function notifyAccess(tx: Pick<EntityManager, 'query'>, personId: string): Promise<void> {
  await tx.query('select pg_notify($1, $2)', [ACCESS_CHANNEL, personId]);
}
