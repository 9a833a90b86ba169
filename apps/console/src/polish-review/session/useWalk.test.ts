// @vitest-environment jsdom
import { renderHook } from '@testing-library/react';
import type { Finding } from '@qingnang/text';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ReviewedTurn, useWalk } from './useWalk';

const lostDose: Finding = {
  ...{ kind: 'dose', change: 'lost', id: 'dose:5mg' },
  was: { start: 4, end: 7, text: '5mg' },
  is: { start: 2, end: 2, text: '' },
};

const turn = (text: string, compared: string | null, findings: Finding[]): ReviewedTurn => ({
  ...{ n: 1, original: '氨氯地平5mg。', text, compared, findings },
  ...{ segments: [], suggestion: '', patient: '', rehearsal: false },
});

const editors = { select: () => undefined, replace: () => undefined };
const walkOf = (first: ReviewedTurn) =>
  renderHook(({ turns }) => useWalk(turns, editors, { confirmed: [], onConfirm: () => undefined }), {
    initialProps: { turns: [first] },
  });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('handing in words that have not been compared yet', () => {
  it('waits for what is found in these words, and asks nothing about the ones before', () => {
    const { result, rerender } = walkOf(turn('重写', '重写', [lostDose]));
    const act = vi.fn();
    rerender({ turns: [turn('服用氨氯地平5mg。', '重写', [lostDose])] });
    result.current.handIn(act);
    expect(act).not.toHaveBeenCalled();
    expect(result.current.asked).toBe(false);
    rerender({ turns: [turn('服用氨氯地平5mg。', '服用氨氯地平5mg。', [])] });
    expect(act).toHaveBeenCalledOnce();
    expect(result.current.asked).toBe(false);
  });

  it('asks about a fact that these words lost', () => {
    const { result, rerender } = walkOf(turn('服用氨氯地平5mg。', '服用氨氯地平5mg。', []));
    const act = vi.fn();
    rerender({ turns: [turn('服用氨氯地平。', '服用氨氯地平5mg。', [])] });
    result.current.handIn(act);
    rerender({ turns: [turn('服用氨氯地平。', '服用氨氯地平。', [lostDose])] });
    expect(act).not.toHaveBeenCalled();
    expect(result.current.open).toHaveLength(1);
    expect(result.current.asked).toBe(true);
  });

  it('goes up once late rather than never where no comparison comes, and not at all once the page has gone', () => {
    const stale = turn('服用氨氯地平5mg。', '旧', []);
    const late = walkOf(stale);
    const act = vi.fn();
    late.result.current.handIn(act);
    vi.advanceTimersByTime(60_000);
    expect(act).toHaveBeenCalledOnce();

    const gone = walkOf(stale);
    const never = vi.fn();
    gone.result.current.handIn(never);
    gone.unmount();
    vi.advanceTimersByTime(60_000);
    expect(never).not.toHaveBeenCalled();
  });
});
