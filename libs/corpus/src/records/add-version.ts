import type { EntityManager } from 'typeorm';
import type { MadeBy, Turn } from '@qingnang/contracts';
import { canonicalJson, notFound, uuidv7 } from '@qingnang/kernel';
import { eventOf, notifySql } from '@qingnang/queue';
import { stillRehearsal } from '@qingnang/text';
import { storedTurns } from './stored-turns.js';
import type { VersionKind } from './version.entity.js';

export interface NewVersion {
  projectId: string;
  recordId: string;
  parentId: string;
  kind: Exclude<VersionKind, 'import' | 'distil'>;
  /** The whole dialogue; `n` names the turn of the import version that each descends from. */
  turns: readonly Pick<Turn, 'n' | 'role' | 'text'>[];
  /** Who wrote the turns that differ from the parent's. */
  madeBy: MadeBy;
  /** Whether a call to the rehearsal model had a hand in them. */
  rehearsalCall?: boolean;
  llmItemId?: string | null;
  promptVersionId?: string | null;
  model?: string | null;
  /** The parent and all it descends from, where the caller has read them and holds the record. */
  line?: readonly StoredVersion[];
}

export interface StoredVersion {
  id: string;
  parent_id: string | null;
  turns: Turn[] | null;
}

/** A version's words, apart from who wrote them: equal where the versions say the same. */
export function wordsOf(turns: readonly Pick<Turn, 'n' | 'role' | 'text'>[]): string {
  return canonicalJson(turns.map(({ n, role, text }) => ({ n, role, text })));
}

/**
 * Adds a version below `parentId` and makes it the record's latest; what is approved stays as it is. Each turn carries
 * on the provenance of its parent turn unless its words changed. Returns the version's id: the parent's own where
 * nothing changed.
 */
export async function addVersion(tx: EntityManager, input: NewVersion): Promise<string> {
  const line = input.line ?? (await lineOf(tx, input));
  const parent = line[0];
  if (!parent?.turns) throw notFound('version', input.parentId);
  if (wordsOf(input.turns) === wordsOf(parent.turns)) return parent.id;

  const turns = input.turns.map((turn) => withProvenance(turn, line, input));
  const id = uuidv7();
  await tx.query(
    `with added as (insert into version (id, project_id, record_id, parent_id, kind, turns, rehearsal, made_by_kind,
         made_by_id, llm_item_id, prompt_version_id, model)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)),
     latest as (update record set latest_version_id = $1, updated_at = now() where id = $3)
     select ${notifySql('$13')}`,
    [
      id,
      input.projectId,
      input.recordId,
      input.parentId,
      input.kind,
      JSON.stringify(storedTurns(turns, input.madeBy)),
      turns.some((turn) => turn.rehearsal),
      input.madeBy.kind,
      input.madeBy.id,
      input.llmItemId ?? null,
      input.promptVersionId ?? null,
      input.model ?? null,
      eventOf(input.projectId, 'records', input.recordId),
    ],
  );
  return id;
}

async function lineOf(tx: EntityManager, input: NewVersion): Promise<StoredVersion[]> {
  // The record's row is the lock that keeps two new versions of one record in order.
  await tx.query('select from record where project_id = $1 and id = $2 for update', [input.projectId, input.recordId]);
  const stored: StoredVersion[] = await tx.query(
    'select id, parent_id, turns from version where project_id = $1 and record_id = $2',
    [input.projectId, input.recordId],
  );
  return ancestors(stored, input.parentId);
}

/** From the version itself up to the import. */
function ancestors(stored: readonly StoredVersion[], id: string): StoredVersion[] {
  const byId = new Map(stored.map((version) => [version.id, version]));
  const line: StoredVersion[] = [];
  for (let at = byId.get(id); at; at = at.parent_id === null ? undefined : byId.get(at.parent_id)) line.push(at);
  return line;
}

/** A turn's maker, and whether its words are still the rehearsal model's (data-model.md, Rehearsal). */
function withProvenance(
  turn: Pick<Turn, 'n' | 'role' | 'text'>,
  line: readonly StoredVersion[],
  input: NewVersion,
): Turn {
  const history = line.map((version) => version.turns?.find((other) => other.n === turn.n));
  const parentTurn = history[0];
  if (parentTurn && parentTurn.text === turn.text && parentTurn.role === turn.role) {
    return { ...turn, made_by: { kind: 'parent', id: line[0]!.id }, rehearsal: parentTurn.rehearsal === true };
  }
  const original = history.at(-1)?.text ?? null;
  const rehearsed = history.filter((other) => other?.rehearsal).map((other) => other!.text);
  return {
    ...turn,
    made_by: input.madeBy,
    rehearsal: (input.rehearsalCall ?? false) || stillRehearsal(turn.text, original, rehearsed),
  };
}
