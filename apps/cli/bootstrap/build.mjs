// `npm run build`: compiles what has changed; `--force` compiles all.
import { ensureBuilt } from './compile.mjs';
import { ensureInstalled } from './install.mjs';
import { script } from './steps.mjs';

await script(async () => {
  await ensureInstalled({ dev: false });
  const built = await ensureBuilt({ force: process.argv.includes('--force') });
  if (built.length === 0) process.stdout.write('everything is built\n');
});
