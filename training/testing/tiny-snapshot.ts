import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { PreferenceRow, PromptRow, SftRow, SnapshotKind, SnapshotManifest, Split } from '@qingnang/contracts';
import { createRandom, sha256 } from '@qingnang/kernel';

type Row = SftRow | PreferenceRow | PromptRow;

const complaints = ['头痛', '咳嗽', '发热', '腹痛', '失眠', '乏力', '皮疹', '腰痛'];
const durations = ['两天', '一周', '三天', '半个月'];
const advices = ['多休息，多喝水', '清淡饮食', '去医院查血常规', '按时复诊', '避免熬夜'];

/** Seeded short consultations written for tests, as rows of a snapshot. */
export function tinyRows(kind: SnapshotKind, count: number, seed = 1): Row[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_each, n) => {
    const complaint = random.pick(complaints);
    const question = `${complaint}${random.pick(durations)}了，怎么办？`;
    const short = `${random.pick(advices)}。`;
    const full = `您好，${complaint}建议${random.pick(advices)}，${random.pick(advices)}。祝您早日康复。`;
    const origin = {
      id: `row-${n}`,
      record_id: `record-${n}`,
      group_id: `group-${n}`,
      data_set: 'real_conversation' as const,
      department: '内科',
      language: 'zh' as const,
      source: 'written for tests',
      licence: 'CC0-1.0',
      model: null,
      prompt_version: null,
      rehearsal: true,
      weight: 1,
    };
    const prompt = [{ role: 'user' as const, content: question }];
    if (kind === 'sft') return { ...origin, messages: [...prompt, { role: 'assistant' as const, content: full }] };
    const asked = { ...origin, prompt_id: `prompt-${n}`, prompt, reference: full };
    if (kind === 'prompts') return asked;
    return { ...asked, chosen: full, rejected: short, margin: 2, rank_group: `prompt-${n}`, evidence: 'ai' as const };
  });
}

/** Writes a snapshot folder with one file a split. */
export async function writeSnapshot(
  folder: string,
  kind: SnapshotKind,
  splits: Partial<Record<Split, readonly Row[]>>,
  change: Partial<SnapshotManifest> = {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const files: SnapshotManifest['files'] = [];
  const counts: Record<string, number> = {};
  for (const split of ['train', 'validation', 'test'] as const) {
    const rows = splits[split];
    if (!rows) continue;
    const content = rows.map((row) => JSON.stringify(row) + '\n').join('');
    const bytes = gzipSync(content);
    const path = `${split}-00000.jsonl.gz`;
    await writeFile(join(folder, path), bytes);
    files.push({ path, split, rows: rows.length, sha256: sha256(bytes), content_sha256: sha256(content) });
    counts[split] = rows.length;
  }
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const manifest: SnapshotManifest = {
    schema_version: 1,
    kind,
    selection: {},
    counts: { rows: total, split: counts, data_set: {}, department: {}, source: {}, licence: {} },
    files,
    allowed_use: ['train'],
    rehearsal: true,
    left_out: [],
    ...change,
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}
