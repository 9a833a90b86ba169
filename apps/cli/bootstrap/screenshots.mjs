// `npm run screenshots`: walks through the console and writes docs/screenshots.
import { runTools } from './tools.mjs';

await runTools('screenshots', { browser: true });
