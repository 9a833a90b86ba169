import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addVersion } from '@qingnang/corpus';
import { type ConsoleBench, missingForBrowser, openConsoleBench } from '../support/console-bench.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { polishReview } from '../support/review.js';

// `npm run bench -- typing`: what our script does for a key in the review screen, beside a bare text field in the same run.

const CHARACTERS = 20_000;
const KEYS = 50;
/** Long enough between two keys for the comparison that begins when the hands rest. */
const REST_MS = 600;

const pairs = readFileSync(join(import.meta.dirname, '../../libs/text/src/facts/cases/changed.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { original: string; changed: string });
const fill = (text: string): string => text.repeat(Math.ceil(CHARACTERS / text.length)).slice(0, CHARACTERS);
const ORIGINAL = fill(pairs.map(({ original }) => original).join(''));
/** What was done to the doctor's words, from nothing to everything. */
const REWRITTEN: Record<string, string> = {
  'a greeting': `您好，${ORIGINAL.slice(3)}`,
  'a fact in every sentence': fill(pairs.map(({ changed }) => changed).join('')),
  everything: fill('另一位医生从头写过：多休息，多喝水，按时复查，有不舒服随时来院。'),
  'everything, backwards': [...ORIGINAL].reverse().join(''),
};

interface TraceEvent {
  name: string;
  ph: string;
  ts: number;
  dur?: number;
  pid: number;
  tid: number;
  args?: { data?: { type?: string } };
}

/** What runs our code. Dispatching a key is left out: it holds the browser's own editing and layout of the field. */
const SCRIPT = new Set(['FunctionCall', 'EvaluateScript', 'RunMicrotasks']);

/** Milliseconds of script on the page's own thread for each key: from its keydown to the next; nested calls count once. */
function scriptPerKey(events: readonly TraceEvent[]): number[] {
  const downs = events
    .filter(({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'keydown')
    .sort((a, b) => a.ts - b.ts);
  const { pid, tid } = downs[0]!;
  const calls = events
    .filter((event) => event.ph === 'X' && event.pid === pid && event.tid === tid && SCRIPT.has(event.name))
    .sort((a, b) => a.ts - b.ts);
  return downs.map(({ ts }, index) => {
    const until = downs[index + 1]?.ts ?? ts + REST_MS * 1_000;
    let [end, sum] = [ts, 0];
    for (const call of calls) {
      if (call.ts < ts || call.ts >= until) continue;
      const stop = call.ts + (call.dur ?? 0);
      sum += Math.max(0, stop - Math.max(call.ts, end));
      end = Math.max(end, stop);
    }
    return sum / 1_000;
  });
}

/** Types so many keys into the first text field at hand; what each took, longest and median. */
async function typeInto(browser: Browser, page: Page) {
  const field = page.locator('textarea').first();
  await field.focus();
  await page.keyboard.press('Control+End');
  await browser.startTracing(page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] });
  await page.keyboard.type('x'.repeat(KEYS), { delay: REST_MS });
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const times = scriptPerKey(traceEvents).sort((a, b) => a - b);
  expect(times).toHaveLength(KEYS);
  const at = (share: number) => Math.round(times[Math.floor((times.length - 1) * share)]! * 100) / 100;
  return { median: at(0.5), p90: at(0.9), longest: at(1) };
}

let bench: ConsoleBench;
beforeAll(async () => {
  if (!missingForBrowser) bench = await openConsoleBench();
});
afterAll(() => bench?.close());

/** A set with one record, whose polish is the words given. */
async function setOf(text: string, name: string): Promise<string> {
  const { api } = bench;
  const source = await makeSource(api.dataSource, api.project.id);
  const [recordId] = await importDialogues(api.dataSource, source, [[`头晕怎么办 ${name}`, ORIGINAL]]);
  const [record] = await api.dataSource.query<{ import_version_id: string }[]>(
    'select import_version_id from record where id = $1',
    [recordId],
  );
  await api.dataSource.transaction((tx) =>
    addVersion(tx, {
      ...{ projectId: api.project.id, recordId: recordId!, parentId: record!.import_version_id, kind: 'polish' },
      turns: [
        { n: 0, role: 'patient', text: `头晕怎么办 ${name}` },
        { n: 1, role: 'doctor', text },
      ],
      madeBy: { kind: 'llm', id: 'bench' },
    }),
  );
  const made = await api.as('data_lead').post('/task-sets', polishReview({ name, filter: { ids: [recordId!] } }));
  return (made.body as { id: string }).id;
}

it('typing: milliseconds of our script a key, at 20,000 characters', { timeout: 900_000 }, async ({ skip }) => {
  if (missingForBrowser) return skip(missingForBrowser);
  const bare = await (await bench.browser.newContext()).newPage();
  await bare.setContent(`<textarea style="width:40em;height:30em">${ORIGINAL}</textarea>`);
  process.stdout.write(`${JSON.stringify({ what: 'a bare text field', ...(await typeInto(bench.browser, bare)) })}\n`);
  await bare.context().close();
  for (const [name, text] of Object.entries(REWRITTEN)) {
    const page = await bench.open('annotator', `/work/polish_review/${await setOf(text, name)}`);
    await page.locator('textarea').first().waitFor();
    // The first comparison is no part of typing.
    await page
      .getByText(/缺少|新增|变了|差异/)
      .first()
      .waitFor();
    const took = await typeInto(bench.browser, page);
    process.stdout.write(`${JSON.stringify({ what: name, ...took })}\n`);
    await page.context().close();
  }
});
