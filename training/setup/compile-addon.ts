import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must, run, SetupError } from './programs.js';

const SOURCES = ['fused_loops.h', 'fused_loops.cc', 'fused_ops.cc'] as const;

/** `training/native`, found from the sources and from the compiled program alike. */
export function sourceFolder(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); at !== dirname(at); at = dirname(at)) {
    for (const folder of [join(at, 'native'), join(at, 'training', 'native')]) {
      if (existsSync(join(folder, SOURCES[0]))) return folder;
    }
  }
  throw new SetupError('The sources of the fused ops (training/native) are not in this installation.');
}

export async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of SOURCES) hash.update(await readFile(join(sourceFolder(), name)));
  return hash.digest('hex');
}

/**
 * Compiles tfjs-node's addon against the unpacked TensorFlow, on CPUs with our own ops in it.
 * @param folder holds `tensorflow/` (libraries, headers) and `package/` (tfjs-node and node-api-headers)
 * @returns whether our ops are in; without them the addon works and is slower
 */
export async function compileAddon(folder: string, fused: boolean): Promise<boolean> {
  const modules = join(folder, 'package', 'node_modules');
  const tfjsNode = join(modules, '@tensorflow', 'tfjs-node');
  const target = join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
  await mkdir(dirname(target), { recursive: true });
  const loops = join(folder, 'loops.o');
  const link = (sources: string[]): string[] => [
    ...['-O2', '-std=c++17', '-fPIC', '-shared', '-w', '-DNDEBUG', '-DNAPI_VERSION=8'],
    ...[join(modules, 'node-api-headers', 'include'), join(folder, 'tensorflow', 'include'), tfjsNode].map(
      (i) => `-I${i}`,
    ),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(tfjsNode, 'binding', name)),
    ...sources,
    `-L${join(folder, 'tensorflow')}`,
    ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    '-Wl,-rpath,$ORIGIN/../../../../../../tensorflow',
    ...['-o', target],
  ];
  if (fused) {
    const own = [
      '-c',
      '-O3',
      '-march=native',
      '-ffast-math',
      '-fPIC',
      '-std=c++17',
      join(sourceFolder(), 'fused_loops.cc'),
    ];
    const compiled = await run('g++', [...own, '-o', loops]);
    if (compiled.code === 0 && (await run('g++', link([join(sourceFolder(), 'fused_ops.cc'), loops]))).code === 0)
      return true;
  }
  await must('Compiling the addon', 'g++', link([]));
  return false;
}
