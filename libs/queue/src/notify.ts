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
  const event: ProjectEvent = { projectId, topic, id };
  await tx.query('select pg_notify($1, $2)', [EVENT_CHANNEL, JSON.stringify(event)]);
}

/** The channel on which api processes hear that somebody's access has changed. */
export const ACCESS_CHANNEL = 'qingnang_access';

/** Has every process look again at what this person, or a key they made, holds open. */
export async function notifyAccess(tx: Pick<EntityManager, 'query'>, personId: string): Promise<void> {
  await tx.query('select pg_notify($1, $2)', [ACCESS_CHANNEL, personId]);
}
