import { ensureBrowser } from './browser.mjs';
import { ensureBuilt } from './compile.mjs';
import { ensureInstalled } from './install.mjs';
import { fail, program, run, script } from './steps.mjs';

/** Runs the files `test/<folder>/*.tool.ts`: programs that need the built platform and the means of the tests. */
export function runTools(folder, { browser = false } = {}) {
  return script(async () => {
    await ensureInstalled({ dev: true });
    await ensureBuilt();
    const missing = browser ? await ensureBrowser() : [];
    if (missing.length > 0) fail(`Install the packages ${missing.join(' and ')} first.`);
    const given = process.argv.slice(2);
    const isOption = (word) => word.startsWith('-');
    // Vitest runs what any of its filters matches: a name narrows the folder only as part of the path.
    const names = given.filter((word) => !isOption(word));
    const files = (names.length > 0 ? names : ['']).map((name) => `test/${folder}/${name}`);
    const args = ['run', '--config', 'vitest.tools.config.ts', ...files, ...given.filter(isOption)];
    process.exitCode = (await run(program('vitest'), args, { inherit: true })).code;
  });
}
