// `npm start`: from a fresh clone to a running installation; the second time only the last step is left.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './compile.mjs';
import { ensureInstalled } from './install.mjs';
import { root, script } from './steps.mjs';

await script(async () => {
  await ensureInstalled({ dev: false });
  await ensureBuilt();
  process.setSourceMapsEnabled(true);
  // In this very process, so that a Ctrl-C or SIGTERM needs nobody to pass it on.
  const main = join(root, 'dist', 'apps', 'cli', 'src', 'main.js');
  process.argv = [process.argv[0], main, 'up', ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
});
