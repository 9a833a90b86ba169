import type { KeptDraft } from '@qingnang/contracts';
import { describe, expect, it } from 'vitest';
import type { OutboxEntry } from '../sitting/drafts/draft-outbox';
import { foundDrafts, wordsOf } from './kept-words';

const kept = (slotId: string, text: string): KeptDraft => ({
  ...{ slotId, text, taskSetId: 'set', taskSetName: '心内科', kind: 'polish_review', question: '头晕' },
  ...{ state: 'mine', updatedAt: '2026-01-01T00:00:00.000Z' },
});
const entry = (slotId: string, text: string, refused?: string): OutboxEntry => ({
  ...{ projectSlug: 'demo', slotId, taskSetId: 'set', fencingToken: 1, baseVersionId: null, knownRevision: 0, at: 1 },
  body: { text },
  ...(refused ? { refused } : {}),
});
const queue = { taskSetId: 'set', name: '心内科', kind: 'reference' as const };

describe('drafts found again', () => {
  it('are what the server has and what only this device has, the unsent first and in their own words', () => {
    const found = foundDrafts(
      [kept('a', '甲'), kept('b', '乙')],
      [entry('b', '乙，还有'), entry('c', '丙', 'draft.too_large')],
      [queue],
    );
    expect(found.map(({ slotId, text, unsent, state, kind }) => [slotId, text, unsent, state, kind])).toEqual([
      ['b', '乙，还有', 'waiting', 'mine', 'polish_review'],
      ['c', '丙', 'refused', null, 'reference'],
      ['a', '甲', null, 'mine', 'polish_review'],
    ]);
  });

  it('are there also where the queue is closed to their author', () => {
    expect(foundDrafts([], [entry('a', '甲')], [])).toMatchObject([{ slotId: 'a', text: '甲', kind: null }]);
  });

  it('have their words whatever wrote them', () => {
    expect(wordsOf({ turns: [{ n: 1, text: '一' }, { n: 3, text: '三' }, null, 7], comment: '说明' })).toBe(
      '一\n\n三\n\n说明',
    );
    expect(wordsOf({ verdict: 'tie', reason: '都好', text: '' })).toBe('都好');
    expect(wordsOf({ turns: 'x' })).toBe('');
  });
});
