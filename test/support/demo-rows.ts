import type { ChatMessage, PlainTurn, PreferenceRow, PromptRow, SftRow, Split } from '@qingnang/contracts';
import { sha256 } from '@qingnang/kernel';
import { polishTurns, roundScores, scoreAnswer, totalScore } from '@qingnang/rehearsal';
import type { DemoData, DemoPrompt, DemoRecord } from '../../apps/worker/src/demo/generate.js';

/** Rows of one kind by split, in a fixed order. */
export type RowsBySplit<Row> = Record<Split, Row[]>;

export interface DemoRows {
  sft: RowsBySplit<SftRow>;
  preference: RowsBySplit<PreferenceRow>;
  /** Questions of the prompts and first questions of the records, so that over a hundred are held out. */
  prompts: RowsBySplit<PromptRow>;
}

const POLISH_SEED = 7;

/** 80 % train, 10 % validation, 10 % test by the hash of the group id; all kinds agree. */
export function splitOf(groupId: string): Split {
  const lot = Number.parseInt(sha256(groupId).slice(0, 8), 16) / 0x1_0000_0000;
  return lot < 0.8 ? 'train' : lot < 0.9 ? 'validation' : 'test';
}

/**
 * Snapshot rows straight from the demo data and the rehearsal rules, for tests that need no database. Doctors' own
 * words are polished, as after the polish job; pairs are labelled by the judge's rule, ties left out.
 */
export function demoSnapshotRows(data: DemoData): DemoRows {
  return {
    sft: bySplit(data.records.map(sftRowOf)),
    preference: bySplit(data.prompts.flatMap(pairsOf)),
    prompts: bySplit([...data.prompts.map(promptRowOf), ...data.records.map(questionRowOf)]),
  };
}

function bySplit<Row extends { group_id: string }>(rows: readonly Row[]): RowsBySplit<Row> {
  const parted: RowsBySplit<Row> = { train: [], validation: [], test: [] };
  for (const row of rows) parted[splitOf(row.group_id)].push(row);
  return parted;
}

function originOf(item: DemoRecord | DemoPrompt) {
  return {
    record_id: item.outsideId,
    group_id: `group-${item.outsideId}`,
    data_set: 'dataSet' in item ? item.dataSet : ('distilled_instruction' as const),
    department: item.department,
    language: 'language' in item ? item.language : ('zh' as const),
    source: 'demo',
    licence: 'CC0-1.0',
    model: null,
    prompt_version: null,
    rehearsal: true,
    weight: 1,
  };
}

const roles = { patient: 'user', doctor: 'assistant', system: 'system' } as const;

function messages(turns: readonly PlainTurn[]): ChatMessage[] {
  return turns.map((turn) => ({ role: roles[turn.role], content: turn.text }));
}

function sftRowOf(record: DemoRecord): SftRow {
  const polished = record.dataSet.startsWith('real_')
    ? new Map(
        polishTurns(
          record.turns.map((turn, n) => ({ n, ...turn })),
          POLISH_SEED,
        ).map(({ n, text }) => [n, text]),
      )
    : new Map<number, string>();
  const turns = record.turns.map((turn, n) => ({ ...turn, text: polished.get(n) ?? turn.text }));
  return { id: `sft-${record.outsideId}`, ...originOf(record), messages: messages(turns) };
}

function promptRowOf(prompt: DemoPrompt): PromptRow {
  return {
    id: `prompt-${prompt.outsideId}`,
    ...originOf(prompt),
    prompt_id: prompt.outsideId,
    prompt: messages(prompt.turns),
    reference: prompt.reference,
  };
}

function questionRowOf(record: DemoRecord): PromptRow {
  const last = record.turns.findLastIndex((turn) => turn.role === 'patient');
  return {
    id: `prompt-${record.outsideId}`,
    ...originOf(record),
    prompt_id: record.outsideId,
    prompt: messages(record.turns.slice(0, last + 1)),
    reference: record.turns[last + 1]?.text ?? null,
  };
}

/** Up to six pairs of a prompt's four candidates; `margin` in points of the rounded mean. */
function pairsOf(prompt: DemoPrompt): PreferenceRow[] {
  const question = prompt.turns.map((turn) => turn.text).join('');
  const scored = prompt.candidates.map(({ text }) => ({
    text,
    total: totalScore(roundScores(scoreAnswer({ question, reference: prompt.reference, text }))),
  }));
  const rows: PreferenceRow[] = [];
  for (const [i, a] of scored.entries()) {
    for (const b of scored.slice(i + 1)) {
      if (a.total === b.total) continue;
      const [chosen, rejected] = a.total > b.total ? [a, b] : [b, a];
      rows.push({
        id: `pair-${prompt.outsideId}-${rows.length + 1}`,
        ...originOf(prompt),
        prompt_id: prompt.outsideId,
        prompt: messages(prompt.turns),
        chosen: chosen.text,
        rejected: rejected.text,
        margin: chosen.total - rejected.total,
        rank_group: prompt.outsideId,
        reference: prompt.reference,
        evidence: 'ai',
      });
    }
  }
  return rows;
}
