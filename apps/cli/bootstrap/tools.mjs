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
    // Whole file names: Vitest runs every file whose path contains a filter, and `training` is part of `training-demo`.
    const names = given.filter((word) => !isOption(word));
    const files = names.length > 0 ? names.map((name) => `test/${folder}/${name}.tool.ts`) : [`test/${folder}/`];
    const args = ['run', '--config', 'vitest.tools.config.ts', ...files, ...given.filter(isOption)];
    process.exitCode = (await run(program('vitest'), args, { inherit: true })).code;
  });
}
