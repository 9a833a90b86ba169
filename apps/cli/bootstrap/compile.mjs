import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail, hashOf, program, root, run, step } from './steps.mjs';

const isSource = (name) => !/\.test\.tsx?$/.test(name);

/** The two things that are built; each is built again when its sources or the lock file have changed. */
const targets = [
  {
    name: 'platform',
    inputs: [
      'package-lock.json',
      'nest-cli.json',
      'tsconfig.json',
      'tsconfig.build.json',
      'libs',
      'migrations',
      'training',
    ].concat(['api', 'worker', 'cli', 'rehearsal'].map((app) => `apps/${app}`)),
    output: 'dist/apps/api/src/main.js',
    build: () => run(program('nest'), ['build', 'platform']),
  },
  {
    name: 'console',
    inputs: ['package-lock.json', 'apps/console', 'libs/contracts'],
    output: 'apps/console/dist/index.html',
    build: () =>
      run(program('vite'), ['build', 'apps/console', '--config', 'apps/console/vite.config.ts', '--logLevel', 'warn']),
  },
];

const stampOf = (target) => join(root, 'dist', '.stamps', target.name);

/** Both at once, since one waits for the disk where the other computes. Returns the names of what was built. */
export async function ensureBuilt({ force = false } = {}) {
  const work = targets
    .map((target) => ({ ...target, hash: hashOf(target.inputs, isSource) }))
    .filter((target) => force || !isFresh(target));
  if (work.length === 0) return [];
  const names = work.map((target) => target.name);
  const results = await step(`building ${names.join(' and ')}`, () => Promise.all(work.map(buildOne)));
  const broken = results.filter((result) => result.code !== 0);
  if (broken.length > 0)
    fail(broken.map((result) => `The ${result.name} does not build:\n${result.output.trim()}`).join('\n'));
  return names;
}

function isFresh(target) {
  const stamp = stampOf(target);
  return existsSync(stamp) && existsSync(join(root, target.output)) && readFileSync(stamp, 'utf8') === target.hash;
}

async function buildOne(target) {
  const stamp = stampOf(target);
  rmSync(stamp, { force: true });
  const { code, output } = await target.build();
  if (code === 0) {
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, target.hash);
  }
  return { name: target.name, code, output };
}
