import type { RecordVersion } from '@qingnang/contracts';
import { describe, expect, it } from 'vitest';
import { treeLines, turnIn, writtenIn } from './version-tree';

const version = (id: string, parentId: string | null, texts: [string, 'import' | 'llm' | 'person' | 'parent'][]) =>
  ({
    id,
    parentId,
    turns: texts.map(([text, kind], n) => ({
      n,
      role: n % 2 ? 'doctor' : 'patient',
      text,
      made_by: { kind, id: kind === 'parent' ? parentId : 'x' },
      rehearsal: false,
    })),
  }) as RecordVersion;

const versions = [
  version('a', null, [['问', 'import'], ['答', 'import']]),
  version('b', 'a', [['问', 'parent'], ['您好，答', 'llm']]),
  version('c', 'a', [['问', 'parent'], ['答。', 'llm']]),
  version('d', 'b', [['问', 'parent'], ['您好，答', 'parent']]),
]; // prettier-ignore

describe('the tree of versions', () => {
  it('puts each version under its parent', () => {
    expect(treeLines(versions).map(({ version: { id }, depth }) => `${depth}${id}`)).toEqual(['0a', '1b', '2d', '1c']);
  });

  it('shows a version whose parent is missing at the root', () => {
    expect(treeLines(versions.slice(1)).map((line) => line.depth)).toEqual([0, 1, 0]);
  });

  it('says which version the words of a turn were written in', () => {
    expect(writtenIn(versions, versions[3]!, 0).id).toBe('a');
    expect(writtenIn(versions, versions[3]!, 1).id).toBe('b');
    expect(turnIn(versions[0], 5)).toBeNull();
  });
});
