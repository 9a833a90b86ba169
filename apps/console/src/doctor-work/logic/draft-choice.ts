import type { OutboxEntry } from '../../polish-review/logic/draft-outbox';

/** What a draft on the server is. */
export interface ServerDraft {
  body: unknown;
  revision: number;
  updatedAt: string;
}

/**
 * Which draft to go on from: this device's unsent one, unless another device saved a later one on top of what this one
 * knew; then the newer of the two.
 */
export function draftToRestore(
  server: ServerDraft | null,
  local: OutboxEntry | null,
): { body: unknown; unsent: boolean } | null {
  if (!local) return server && { body: server.body, unsent: false };
  if (!server || local.knownRevision >= server.revision || local.at > Date.parse(server.updatedAt)) {
    return { body: local.body, unsent: true };
  }
  return { body: server.body, unsent: false };
}
