import { existsSync } from 'node:fs';
import { run, step } from './steps.mjs';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The Debian packages the browser tests need and this machine lacks. */
async function missingPackages() {
  const missing = [];
  if (!process.env.CHROMIUM_PATH && ![...PROGRAMS, MAC].some(existsSync)) missing.push('chromium');
  const fonts = await run('fc-list', [':lang=zh', 'family']);
  if (process.platform === 'linux' && fonts.output.trim() === '') missing.push('fonts-noto-cjk');
  return missing;
}

/** Installs them where that is ours to do: as root on a Debian. Returns what is missing still. */
export async function ensureBrowser() {
  const missing = await missingPackages();
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return missing;
  await step(`installing ${missing.join(' and ')}`, async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env });
    const result = await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'fontconfig', ...missing], {
      env,
    });
    if (result.code !== 0) process.stderr.write(`${result.output.trim().split('\n').slice(-5).join('\n')}\n`);
  });
  return missingPackages();
}
