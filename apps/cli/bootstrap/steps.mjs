// What the scripts share that run before anything is installed: plain JavaScript, no dependencies.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

export const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

const OLDEST_NODE = [20, 19];

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  fail(`Node ${process.versions.node} is too old: ${OLDEST_NODE.join('.')} or newer is needed.`);
}

/** A step that could not be done; its message says all a person needs. */
export class Failure extends Error {}

export function fail(text) {
  throw new Failure(text);
}

/** Runs a script; a failure is told without a stack and ends in exit code 1. */
export async function script(work) {
  try {
    checkNode();
    await work();
  } catch (error) {
    process.stderr.write(`${error instanceof Failure ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

/** Runs a program in the repository; keeps its words and gives them back with its exit code. */
export function run(command, args, { env = {}, inherit = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 127, output: String(error.message) }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: stripVTControlCharacters(output) }));
  });
}

/** A step with a name, told when it begins, every ten seconds, and when it is done. */
export async function step(name, work) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  process.stdout.write(`${name} …\n`);
  const timer = setInterval(() => process.stdout.write(`${name} … ${seconds()} s\n`), 10_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    process.stdout.write(`${name}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
  }
}

/** The program of an installed package. */
export const program = (name) => join(root, 'node_modules', '.bin', name);

/** One hash over the names and bytes of everything below these paths that `counts`. */
export function hashOf(paths, counts = () => true) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesBelow(join(root, path))) {
      const name = relative(root, file);
      if (counts(name)) hash.update(name).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

const NEVER = new Set(['node_modules', 'dist', '.git', '.qingnang']);

function* filesBelow(path) {
  if (!existsSync(path)) return;
  const entries = (() => {
    try {
      return readdirSync(path, { withFileTypes: true });
    } catch {
      return null;
    }
  })();
  if (!entries) {
    yield path;
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (NEVER.has(entry.name)) continue;
    if (entry.isDirectory()) yield* filesBelow(join(path, entry.name));
    else if (entry.isFile()) yield join(path, entry.name);
  }
}
