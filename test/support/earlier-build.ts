import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '@qingnang/config';

const run = (program: string, args: readonly string[], cwd: string): Buffer =>
  execFileSync(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 30 });

/** `$QINGNANG_CACHE`, else `qingnang` in `$XDG_CACHE_HOME`, else in `~/.cache`. */
function cacheFolder(): string {
  const { QINGNANG_CACHE, XDG_CACHE_HOME } = process.env;
  return QINGNANG_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'qingnang');
}

/**
 * The built platform of an earlier commit, in the cache folder, made there the first time: its files from git; the packages
 * of this checkout where they have the versions that its lock file asks for, else its own by `npm ci`; its own build.
 */
export function earlierBuild(commit: string): { build: string; packages: string } {
  const folder = join(cacheFolder(), 'bench', commit);
  const note = join(folder, 'built');
  if (!existsSync(note)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'files.tar'), run('git', ['archive', commit], repositoryRoot()));
    run('tar', ['-xf', 'files.tar'], folder);
    const shared = haveSameVersions(folder);
    if (shared) symlinkSync(join(repositoryRoot(), 'node_modules'), join(folder, 'node_modules'));
    else run('npm', ['ci', '--no-audit', '--no-fund', '--include=dev'], folder);
    run(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'platform'], folder);
    writeFileSync(note, shared ? 'those of this checkout' : 'its own, by npm ci');
  }
  return { build: join(folder, 'dist'), packages: readFileSync(note, 'utf8') };
}

/** Whether what the commit runs with is what lies in our node_modules. */
function haveSameVersions(folder: string): boolean {
  const locked = (root: string): Record<string, { version?: string; dev?: boolean; link?: boolean }> =>
    (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: never }).packages;
  const ours = locked(repositoryRoot());
  return Object.entries(locked(folder)).every(
    ([path, { version, dev, link }]) =>
      !path.startsWith('node_modules/') || dev === true || link === true || ours[path]?.version === version,
  );
}
