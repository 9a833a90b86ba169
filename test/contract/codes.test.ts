import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '@qingnang/config';
import { isTest, readSourceTree } from '../support/source-tree.js';

/** Codes that no person at a screen meets, and why. */
const FOR_NOBODY: Record<string, string> = {
  'audit.missing': 'a fault of the program: a test fails before anybody could meet it',
  'settings.invalid': 'said on the terminal at start, when there is no screen',
  ...Object.fromEntries(
    [
      'job_file',
      'job_exists',
      'no_job',
      'no_token',
      'port_taken',
      'pull_unknown',
      'push_name',
      'handed_in',
      'wheel',
    ].map((code) => [`training.${code}`, 'said on the terminal of whoever runs the trainer by hand']),
  ),
  custom: 'zod’s own word for a rule written by hand',
};

/** A code as it is written down: of an error with a noun, of a run's or item's outcome, of a subject that has gone. */
const WRITTEN = [
  /\bcode:\s*(?:[\w.?]+\s*\?\s*)?'([a-z_]+(?:\.[a-z_]+)*)'(?:\s*:\s*'([a-z_]+(?:\.[a-z_]+)*)')?/g,
  /\bSubjectGoneError\(\s*'([a-z_]+)'/g,
  /['`]((?:training|run|storage)\.[a-z_]+):? [A-Z]/g,
  /Error\(\s*'((?:training|run)\.[a-z_]+)'/g,
];
/** What reading a file has to say has words of its own, in contracts. */
const ELSEWHERE = /corpus\/src\/readers\//;

function codesIn(folders: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { path, text } of readSourceTree()) {
    if (isTest(path) || ELSEWHERE.test(path) || !folders.some((folder) => path.startsWith(`${folder}/`))) continue;
    for (const pattern of WRITTEN)
      for (const [, ...codes] of text.matchAll(pattern)) for (const code of codes) if (code) found.set(code, path);
    for (const [, code] of text.matchAll(/\bInputError\(\s*'([a-z_]+)'/g)) found.set(`training.${code}`, path);
  }
  return found;
}

function isSaid(words: unknown, code: string): boolean {
  const at = (path: string) =>
    path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], words);
  const places = ['errors', 'resources.llm-jobs.why', 'resources.llm-jobs.codes'];
  // Whatever cannot be found is said the same way.
  return code.endsWith('.not_found') || places.some((place) => typeof at(`${place}.${code}`) === 'string');
}

describe('every code that can reach a screen', () => {
  const codes = codesIn(['libs', 'apps/api', 'apps/worker', 'training']);

  it('is found in the sources', () => {
    for (const code of ['llm_job.nothing_to_do', 'training.nothing_to_do', 'provider_unauthorised', 'record_withdrawn'])
      expect([...codes.keys()]).toContain(code);
    expect(codes.size).toBeGreaterThan(150);
  });

  it.each(['zh', 'en'])('has a sentence in %s', async (language) => {
    // The console is a program of its own, with its own types.
    const path = join(repositoryRoot(), `apps/console/src/i18n/words-${language}.ts`);
    const words = ((await import(path)) as Record<string, unknown>)[language];
    const silent = [...codes].filter(([code]) => !(code in FOR_NOBODY) && !isSaid(words, code));
    expect(silent.map(([code, path]) => `${code} (${path})`)).toEqual([]);
  });
});
