import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveRunConfig, type RunConfig, type SftRow } from '@qingnang/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StopRequest } from '../run/stop-request.js';
import { tinyRows, writeSnapshot } from '../testing/tiny-snapshot.js';
import { ablate } from './ablate.js';
import { reportHtml } from './report-html.js';
import { ablationReport, answerFigures, type AblationReport } from './report.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'qingnang-ablate-'));
});
afterAll(() => rm(root, { recursive: true }));

const config = resolveRunConfig({
  method: 'sft',
  backend: 'wasm',
  model: { hidden_size: 32, layers: 1, heads: 2, kv_heads: 2, intermediate_size: 48, vocabulary_size: 400 },
  batch_size: 4,
  evaluate_every: 10,
  checkpoint_every: 100,
  steps: 99,
  epochs: 2,
  sft: { patience: 1 },
}) as Extract<RunConfig, { method: 'sft' }>;

/** Two thirds real; distilled rows answer at other length. */
function rows(count: number, seed: number): SftRow[] {
  return (tinyRows('sft', count, seed) as SftRow[]).map((row, n) =>
    n % 3 > 0
      ? { ...row, messages: [row.messages[0]!, { role: 'assistant', content: '多久了？' }] }
      : { ...row, data_set: 'distilled_instruction' },
  );
}

function run(stopInArm?: string, change: Partial<typeof config> = {}): Promise<AblationReport | null> {
  let stop = false;
  const print = (line: string): void => void (stop ||= line.includes(`/arms/${stopInArm}, `));
  const listen = (): StopRequest => ({ requested: () => stop, dispose: () => undefined });
  const out = join(root, 'out');
  return ablate({
    snapshot: join(root, 'sft'),
    out,
    policy: null,
    config: { ...config, ...change },
    samples: 3,
    listen,
    print,
    progress: null,
  });
}

describe('an ablation', () => {
  it('compares arms that differ in their rows alone, and goes on where it was cut off', async () => {
    await writeSnapshot(join(root, 'sft'), 'sft', { train: rows(30, 1), validation: rows(9, 2) });
    expect(await run('distilled')).toBeNull();
    const report = (await run())!;
    expect(ablationReport.parse(JSON.parse(await readFile(join(root, 'out', 'report.json'), 'utf8')))).toEqual(report);
    // Two passes over the rows of both, in updates of four.
    expect(report.updates).toBe(15);
    expect(report.arms.map(({ arm, rows: count }) => [arm, count])).toEqual([
      ['real', 20],
      ['distilled', 10],
      ['both', 30],
    ]);
    expect(report.arms.map(({ passes }) => passes)).toEqual([3, 6, 2]);
    const starts = report.arms.map(({ curve }) => curve[0]);
    expect(starts.every((point) => point!.step === 0 && point!.loss === starts[0]!.loss)).toBe(true);
    expect(new Set(report.arms.map(({ weights_hash: hash }) => hash)).size).toBe(3);
    expect(report.held_out_rows).toEqual({ all: 9, distilled_instruction: 3, real_conversation: 6 });
    const lossOf = (arm: number, name: string): number => report.arms[arm]!.held_out[name]!.loss;
    expect(lossOf(0, 'real_conversation')).toBeLessThan(lossOf(1, 'real_conversation'));
    expect(lossOf(1, 'distilled_instruction')).toBeLessThan(lossOf(0, 'distilled_instruction'));
    expect(new Set(report.samples.map((sample) => sample.data_set)).size).toBe(2);

    const before = await readFile(join(root, 'out', 'arms', 'both', 'result.json'), 'utf8');
    expect(await run()).toEqual(report);
    expect(await readFile(join(root, 'out', 'arms', 'both', 'result.json'), 'utf8')).toBe(before);
    await expect(run(undefined, { seed: 8 })).rejects.toThrow(/arms.real was trained with other settings/);
    const html = await readFile(join(root, 'out', 'report.html'), 'utf8');
    expect(html).toContain('the same 15 updates of 4 sequences');
    expect(html.match(/<polyline/g)).toHaveLength(3);
  });

  it('shows what a model says as text', async () => {
    const report = ablationReport.parse(JSON.parse(await readFile(join(root, 'out', 'report.json'), 'utf8')));
    report.samples[0]!.answers.real = '<script>alert(1)</script>';
    expect(reportHtml(report)).not.toContain('<script');
  });

  it('measures answers by length and questions', () => {
    expect(answerFigures(['多久了？', '好𠮷'])).toEqual({ mean_characters: 3, asks: 0.5 });
    expect(answerFigures([])).toEqual({ mean_characters: 0, asks: 0 });
  });
});
