// Started by training-data.tool.ts: loads the snapshot of its second argument for the method of its first, with the tokenizer of
// its third, draws batches as that method does, and prints its resident memory. Uses the built trainer.
import { BatchOrder } from '../../dist/training/data/batch-order.js';
import { DataOrder } from '../../dist/training/data/data-order.js';
import { loadPairs, loadPrompts, loadSft, openTrainingSnapshot } from '../../dist/training/data/load-inputs.js';
import { rowOrder } from '../../dist/training/data/row-order.js';
import { lengthsOf } from '../../dist/training/data/rows.js';
import { RankGroups } from '../../dist/training/reward/reward-batch.js';
import { loadTokenizer } from '../../dist/training/tokenizer/tokenizer.js';

const BATCHES = 2_000;
const BATCH = 16;
const LENGTH = 64;

const [method, folder, tokenizerFolder] = process.argv.slice(2);
const started = performance.now();
const tokenizer = await loadTokenizer(tokenizerFolder);
// What the tokenizer takes is not asked here, and the rows repeat a few thousand texts: each is encoded once.
for (const name of ['encodeChat', 'encodePrompt']) {
  const encode = tokenizer[name].bind(tokenizer);
  const known = new Map();
  tokenizer[name] = (messages) => {
    const key = JSON.stringify(messages);
    if (!known.has(key)) known.set(key, encode(messages));
    return known.get(key);
  };
}
const snapshot = await openTrainingSnapshot(folder, method);

/** By method: rows, and what draws the next batch of them. */
const loaders = {
  async sft() {
    const { train, parts } = await loadSft(snapshot, tokenizer, LENGTH);
    const plan = { parts, lengths: lengthsOf(train), batching: 'packed', window: 512, batchSize: BATCH };
    const order = new BatchOrder({ ...plan, sequenceLength: LENGTH, seed: 1 });
    return { rows: train, next: () => order.next().flat() };
  },
  async reward() {
    const { train } = await loadPairs(snapshot, tokenizer, LENGTH);
    const groups = new RankGroups(train);
    const order = rowOrder([{ rows: groups.length, weight: 1 }], 1);
    return { rows: train, next: () => Array.from({ length: BATCH }, () => groups.at(order.next())).flat() };
  },
  async dpo() {
    const { train, parts } = await loadPairs(snapshot, tokenizer, LENGTH);
    const order = rowOrder(parts, 1);
    return { rows: train, next: () => Array.from({ length: BATCH }, () => order.next()) };
  },
  async ppo() {
    const { train } = await loadPrompts(snapshot, tokenizer, LENGTH);
    const order = new DataOrder(train.length, 1);
    return { rows: train, next: () => order.take(BATCH) };
  },
};
const { rows, next } = await loaders[method]();

const loaded = performance.now();
let tokens = 0;
for (let batch = 0; batch < BATCHES; batch++) {
  for (const row of next()) {
    const { ids, chosen } = rows.at(row);
    tokens += (ids ?? chosen.ids).length;
  }
}
const drawn = performance.now();
process.stdout.write(
  JSON.stringify({
    rows: rows.length,
    rss: process.memoryUsage.rss(),
    peak: process.resourceUsage().maxRSS * 1024,
    loadSeconds: (loaded - started) / 1000,
    batchMs: (drawn - loaded) / BATCHES,
    tokens,
  }),
);
