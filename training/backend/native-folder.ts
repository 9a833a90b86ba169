import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import * as tf from '@tensorflow/tfjs';

/** What `setup-native` left behind once all was done and checked. */
export interface NativeMade {
  gpu: boolean;
  tensorflow: string;
  tfjsNode: string;
  /** Whether the ops of `training/native` are in it. */
  fused: boolean;
  /** SHA-256 of the sources it was compiled from. */
  sources: string;
  bytes: number;
}

/** `$QINGNANG_CACHE`, else `qingnang` in `$XDG_CACHE_HOME`, else in `~/.cache`; native back ends lie in it. */
export function nativeFolder(gpu: boolean, from: NodeJS.ProcessEnv = env): string {
  const cache = from['QINGNANG_CACHE'] || join(from['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'qingnang');
  return join(cache, gpu ? 'native-gpu' : 'native');
}

/** `null` where nothing whole lies there. */
export function nativeMade(folder: string): NativeMade | null {
  const path = join(folder, MADE_FILE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as NativeMade) : null;
}

/** Written last: a folder without it is not used. */
export const MADE_FILE = 'made.json';

/** Loads tfjs-node from a set-up folder; it registers the back end `tensorflow` with the one engine of the process. */
export function loadNative(folder: string): void {
  env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  const quiet = tf.env().getBool('PROD');
  tf.env().set('PROD', true); // its own copy of tfjs registers every kernel once more, with a warning for each
  try {
    createRequire(join(folder, 'package', 'index.js'))('@tensorflow/tfjs-node');
  } finally {
    tf.env().set('PROD', quiet);
  }
}
