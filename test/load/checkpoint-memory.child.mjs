// Started by checkpoint-memory.tool.ts: loads the model folder of its first argument on the back end of its second and
// prints by how much memory grew from the moment the back end was ready. Uses the built trainer.
import * as tf from '@tensorflow/tfjs';
import { selectBackend } from '../../dist/training/backend/select-backend.js';
import { openModel } from '../../dist/training/checkpoint/model-folder.js';
import { loadParameters } from '../../dist/training/model/parameters.js';

const [folder, backend] = process.argv.slice(2);
try {
  await selectBackend(backend);
} catch (error) {
  process.stdout.write(JSON.stringify({ absent: error.message }));
  process.exit(0);
}
tf.add(tf.zeros([8]), 1).dataSync(); // ready means that it has computed something
const before = process.memoryUsage.rss();

const started = performance.now();
const { config, weights } = await openModel(folder);
const parameters = loadParameters(config, weights, 'none');
const seconds = (performance.now() - started) / 1000;
const loaded = process.memoryUsage.rss();

// A native back end may take a tensor over only when it is first used.
let [least, most] = [Infinity, -Infinity];
for (const variable of parameters.values()) {
  least = Math.min(least, tf.tidy(() => tf.min(variable)).dataSync()[0]);
  most = Math.max(most, tf.tidy(() => tf.max(variable)).dataSync()[0]);
}
const used = process.memoryUsage.rss();
const peak = process.resourceUsage().maxRSS * 1024;
process.stdout.write(
  JSON.stringify({ loaded: loaded - before, used: used - before, peak: peak - before, seconds, least, most }),
);
