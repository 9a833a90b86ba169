import { outboxPrefix } from '../../session/outbox-names';

/** What is written into one slot, as this device holds it. */
export interface OutboxEntry {
  projectSlug: string;
  slotId: string;
  taskSetId: string;
  fencingToken: number;
  baseVersionId: string | null;
  body: Record<string, unknown>;
  /** Revision of the draft on the server that these words go on from; 0 for none. */
  knownRevision: number;
  /** Milliseconds of this device's clock. */
  at: number;
  /** Code of the server's refusal, where it will not have these very words: they wait for their author, not for a line. */
  refused?: string;
}

/** What found no room in the browser's storage, by its name there: it lives as long as the tab. */
const inMemory = new Map<string, string>();

/**
 * Words not yet with the server, kept where they outlive a crash of the tab. localStorage, since a write is done when
 * the call returns: what was typed before a crash is there after it.
 */
export class DraftOutbox {
  constructor(
    private readonly personId: string,
    private readonly storage: Storage = window.localStorage,
  ) {}

  /** False where the browser has no room or refuses; the words then live as long as the tab. */
  keep(entry: OutboxEntry): boolean {
    const name = this.name(entry.slotId);
    const text = JSON.stringify(entry);
    inMemory.delete(name);
    try {
      this.storage.setItem(name, text);
      return true;
    } catch {
      inMemory.set(name, text);
      return false;
    }
  }

  read(slotId: string): OutboxEntry | null {
    const name = this.name(slotId);
    const text = inMemory.get(name) ?? this.storage.getItem(name);
    if (text === null) return null;
    try {
      return JSON.parse(text) as OutboxEntry;
    } catch {
      return null;
    }
  }

  /** Once the server has these very words; later ones stay. */
  sent(slotId: string, at: number): void {
    const entry = this.read(slotId);
    if (entry && entry.at <= at) this.forget(slotId);
  }

  /** The server will not have these very words. They stay until their author has done something about them. */
  refuse(entry: OutboxEntry, code: string): void {
    if (this.read(entry.slotId)?.at === entry.at) this.keep({ ...entry, refused: code });
  }

  forget(slotId: string): void {
    inMemory.delete(this.name(slotId));
    this.storage.removeItem(this.name(slotId));
  }

  /** Everything of this person that the server does not have. */
  all(): OutboxEntry[] {
    return this.names().flatMap((name) => this.read(name.slice(this.name('').length)) ?? []);
  }

  /** Of that, what waits to be sent. */
  waiting(): OutboxEntry[] {
    return this.all().filter(({ refused }) => refused === undefined);
  }

  /** What was written in one project. */
  here(projectSlug: string | undefined): OutboxEntry[] {
    return this.all().filter((entry) => entry.projectSlug === projectSlug);
  }

  private names(): string[] {
    const stored = Array.from({ length: this.storage.length }, (_, i) => this.storage.key(i) ?? '');
    return [...new Set([...stored, ...inMemory.keys()])].filter((name) => name.startsWith(this.name('')));
  }

  private name(slotId: string): string {
    return `${outboxPrefix(this.personId)}${slotId}`;
  }
}

interface ServerDraft {
  body: unknown;
  revision: number;
  updatedAt: string;
}

/**
 * Which words to go on from: this device's unsent ones, unless another device saved later ones on top of what this one
 * knew; then the newer of the two. `restore` reads the words of a draft, null where it holds none.
 */
export function draftToRestore<Words>(
  server: ServerDraft | null,
  local: OutboxEntry | null,
  baseVersionId: string | null,
  restore: (body: unknown) => Words | null,
): { words: Words; unsent: boolean } | null {
  const saved = server && restore(server.body);
  const mine = local && local.baseVersionId === baseVersionId ? restore(local.body) : null;
  if (!mine) return saved && { words: saved, unsent: false };
  const knewAll = local!.knownRevision >= (server?.revision ?? 0);
  if (knewAll || !saved || local!.at > Date.parse(server!.updatedAt)) return { words: mine, unsent: true };
  return { words: saved, unsent: false };
}
