// `npm run bench`: the measurements of docs/benchmarks.
import { runTools } from './tools.mjs';

await runTools('load');
