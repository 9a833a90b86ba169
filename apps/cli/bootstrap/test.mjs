// `npm test`: every check there is. The last line says `N passed, N failed`.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { ensureBuilt } from './compile.mjs';
import { ensureInstalled } from './install.mjs';
import { Failure, program, run, script, step } from './steps.mjs';
import { countTests } from './test-report.mjs';

let passed = 0;
/** What failed, by name: repeated at the end, where a log that was cut still shows it. */
const failures = [];

function count(name, { code, output }) {
  if (code === 0) {
    passed += 1;
    return;
  }
  failures.push(name);
  process.stdout.write(`FAILED ${name}\n${output.trim()}\n`);
}

/** A step of the bootstrap as one of the checks. */
const outcome = (work) =>
  work.then(
    () => ({ code: 0, output: '' }),
    (error) => ({ code: 1, output: error instanceof Failure ? error.message : error.stack }),
  );

const cache = 'node_modules/.cache';
const staticChecks = [
  ['lint', () => run(program('eslint'), ['.', '--max-warnings=0', '--cache', '--cache-location', `${cache}/eslint/`])],
  ['format', () => run(program('prettier'), ['--check', '.', '--log-level=warn', '--cache'])],
  ['types of the platform', () => run(program('tsc'), ['--noEmit', '-p', 'tsconfig.json'])],
  ['types of the console', () => run(program('tsc'), ['--noEmit', '-p', 'apps/console'])],
];

async function runVitest() {
  const folder = mkdtempSync(join(tmpdir(), 'qingnang-report-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(program('vitest'), ['run', ...reporters, ...process.argv.slice(2)], { inherit: true });
  const counted = existsSync(report) ? countTests(JSON.parse(readFileSync(report, 'utf8'))) : { passed: 0, failed: [] };
  rmSync(folder, { recursive: true, force: true });
  passed += counted.passed;
  failures.push(...counted.failed);
  // A run that fails without a failed test has failed otherwise.
  if (code !== 0 && counted.failed.length === 0) failures.push('the test run: an error outside of any test, see above');
}

async function runAll() {
  const installed = await outcome(ensureInstalled({ dev: true }));
  count('installation', installed);
  if (installed.code !== 0) return;
  count('build', await outcome(ensureBuilt()));
  const browser = ensureBrowser();
  // All at once: they share nothing but the two cores.
  await Promise.all(staticChecks.map(async ([name, work]) => count(name, await step(name, work))));
  const missing = await browser;
  await runVitest();
  if (missing.length === 0) return;
  failures.push(`the browser tests, which did not run: install the packages ${missing.join(' and ')}`);
}

await script(runAll);
if (process.exitCode) failures.push('npm test itself, see above');
for (const name of failures) process.stdout.write(`FAILED ${name}\n`);
process.stdout.write(`${passed} passed, ${failures.length} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
