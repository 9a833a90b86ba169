import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '@qingnang/config';

/** Runs the rehearsal model, an app of its own, in this process. */
export async function run(): Promise<void> {
  await import(pathToFileURL(join(repositoryRoot(), 'dist/apps/rehearsal/src/main.js')).href);
}
