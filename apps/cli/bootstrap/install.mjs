import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, root, run, step } from './steps.mjs';

/** Installs from the lock file unless what lies in node_modules is just that. */
export async function ensureInstalled({ dev }) {
  if (isInstalled(dev)) return;
  await step(dev ? 'installing packages, test tools included' : 'installing packages', async () => {
    // Engine warnings of six packages that run here all the same are no news: errors only.
    const args = ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', '--no-progress'];
    const { code, output } = await npm([...args, dev ? '--include=dev' : '--omit=dev']);
    if (code !== 0) fail(`npm ci failed:\n${output.trim()}`);
  });
}

function npm(args) {
  // `npm start` names the npm that runs it; a script run by hand takes the one on the path.
  const own = process.env.npm_execpath;
  return own?.endsWith('.js') ? run(process.execPath, [own, ...args]) : run('npm', args);
}

/** npm notes what it has installed when it is done; a cut-off installation leaves no such note. */
function isInstalled(dev) {
  const note = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(note, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link || entry.optional || entry.extraneous) return true;
    if (!dev && (entry.dev || entry.devOptional)) return true;
    return found[path]?.version === entry.version;
  });
}
