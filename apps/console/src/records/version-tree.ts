import type { RecordVersion, Turn } from '@qingnang/contracts';

export interface TreeLine {
  version: RecordVersion;
  depth: number;
}

/** Versions as lines of a tree, children under their parent, each family oldest first. */
export function treeLines(versions: readonly RecordVersion[]): TreeLine[] {
  const known = new Set(versions.map((version) => version.id));
  const childrenOf = (parent: string | null) =>
    versions.filter((version) =>
      parent === null ? version.parentId === null || !known.has(version.parentId) : version.parentId === parent,
    );
  const lines = (parent: string | null, depth: number): TreeLine[] =>
    childrenOf(parent).flatMap((version) => [{ version, depth }, ...lines(version.id, depth + 1)]);
  return lines(null, 0);
}

/** The same turn in another version; null where there was none. */
export function turnIn(version: RecordVersion | undefined, n: number): Turn | null {
  return version?.turns?.find((turn) => turn.n === n) ?? null;
}

/** The version whose maker wrote a turn: up the tree while the words were only taken over. */
export function writtenIn(versions: readonly RecordVersion[], version: RecordVersion, n: number): RecordVersion {
  const turn = turnIn(version, n);
  if (turn?.made_by?.kind !== 'parent') return version;
  const parent = versions.find((other) => other.id === turn.made_by?.id || other.id === version.parentId);
  return parent ? writtenIn(versions, parent, n) : version;
}
