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
