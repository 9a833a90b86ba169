import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MADE_FILE, nativeFolder, nativeMade, type NativeMade } from '../backend/native-folder.js';
import { InputError } from '../data/input.errors.js';
import { compileAddon, sourcesHash } from './compile-addon.js';
import { CHECK } from './gradient-check.js';
import { cudaRequirements, nativePlan, neededOfWheel, pipArguments, VERSIONS, type NativePlan } from './native-plan.js';
import { findMeans, gigabytes, must, SetupError, type Means } from './programs.js';
import { unzip, zipEntries } from './zip.js';

export interface SetupOptions {
  gpu: boolean;
  /** A TensorFlow wheel that is there already. */
  wheel: string | null;
  /** Receives a readable line a step. */
  say: (line: string) => void;
}

export interface SetupOutcome extends NativeMade {
  folder: string;
  /** `false`: it lay there already. */
  made: boolean;
  seconds: number;
}

/**
 * Makes the native back end from registry packages alone: TensorFlow's libraries from its Python wheel, tfjs-node from npm
 * without its install script, the addon between them by g++. It lies in a cache folder of its own, put in place in one
 * step once a gradient has come out right in a fresh process.
 * @throws SetupError in one line for what is missing
 */
export async function setupNative({ gpu, wheel, say }: SetupOptions): Promise<SetupOutcome> {
  const started = performance.now();
  const folder = nativeFolder(gpu);
  const seconds = (): number => (performance.now() - started) / 1000;
  const sources = await sourcesHash();
  const present = nativeMade(folder);
  if (present?.sources === sources && present.tensorflow === VERSIONS.tensorflow) {
    return { ...present, folder, made: false, seconds: seconds() };
  }
  const plan = nativePlan(gpu);
  await mkdir(dirname(folder), { recursive: true });
  const means = await findMeans(plan, dirname(folder), wheel);
  const part = `${folder}.part-${process.pid}`;
  await rm(part, { recursive: true, force: true });
  try {
    await mkdir(join(part, 'package'), { recursive: true });
    await takeTensorFlow(plan, means, part, wheel, say);
    await takeTfjsNode(part, say);
    say(`compiling the addon${gpu ? '' : ' with our own ops'} (g++, about 20 s)`);
    const fused = await compileAddon(part, !gpu);
    if (!fused && !gpu) say('our own ops do not compile here; the back end works without them, more slowly');
    await rm(join(part, 'tensorflow', 'include'), { recursive: true });
    await rm(join(part, 'loops.o'), { force: true });
    say('checking one gradient in a fresh process');
    await checkGradient(part, fused);
    const made: NativeMade = {
      ...{ gpu, tensorflow: plan.version, tfjsNode: VERSIONS.tfjsNode, fused, sources },
      bytes: await bytesIn(part),
    };
    await writeFile(join(part, MADE_FILE), JSON.stringify(made));
    await rm(folder, { recursive: true, force: true });
    await rename(part, folder);
    return { ...made, folder, made: true, seconds: seconds() };
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** Removes what was made and what a making that was cut off has left. @returns whether there was anything to remove */
export async function undoNative(gpu: boolean): Promise<{ folder: string; removed: boolean }> {
  const folder = nativeFolder(gpu);
  const beside = await readdir(dirname(folder)).catch((): string[] => []);
  const ours = beside.filter((name) => name === basename(folder) || name.startsWith(`${basename(folder)}.part-`));
  for (const name of ours) await rm(join(dirname(folder), name), { recursive: true, force: true });
  return { folder, removed: ours.length > 0 };
}

async function takeTensorFlow(
  plan: NativePlan,
  means: Means,
  part: string,
  given: string | null,
  say: SetupOptions['say'],
): Promise<void> {
  const download = join(part, 'download');
  await mkdir(download);
  const wheel = given ?? (await fetchWheel(means, `${plan.wheel}==${plan.version}`, download, say));
  say('unpacking TensorFlow');
  const entries = await zipEntries(wheel).catch((error: unknown) => {
    throw error instanceof InputError ? error : new InputError('wheel', `The wheel ${wheel} cannot be read.`);
  });
  const wanted = entries.filter(({ name }) => neededOfWheel(name) !== null);
  if (wanted.filter(({ name }) => neededOfWheel(name) === 'library').length < 2) {
    throw new InputError(
      'wheel',
      `${wheel} holds no libtensorflow_cc.so.2; give the wheel ${plan.wheel} ${plan.version}.`,
    );
  }
  await unzip(wheel, part, wanted);
  if (plan.gpu) {
    const metadata = entries.filter(({ name }) => name.endsWith('.dist-info/METADATA'));
    await unzip(wheel, download, metadata);
    for (const requirement of cudaRequirements(await readFile(join(download, metadata[0]!.name), 'utf8'))) {
      const cuda = await fetchWheel(means, requirement, download, say);
      // Beside `tensorflow/`, where its libraries look for them.
      await unzip(
        cuda,
        part,
        (await zipEntries(cuda)).filter(({ name }) => name.startsWith('nvidia/')),
      );
      await rm(cuda);
    }
  }
  await rm(download, { recursive: true });
}

async function fetchWheel(means: Means, requirement: string, into: string, say: SetupOptions['say']): Promise<string> {
  say(`downloading ${requirement} with pip`);
  const before = new Set(await readdir(into));
  const args = pipArguments(requirement, into);
  await must(`Downloading ${requirement}`, means.python!, args, { show: process.stderr.isTTY });
  const wheel = (await readdir(into)).find((name) => name.endsWith('.whl') && !before.has(name));
  if (!wheel) throw new SetupError(`pip left no wheel for ${requirement}.`);
  return join(into, wheel);
}

async function takeTfjsNode(part: string, say: SetupOptions['say']): Promise<void> {
  say(`installing tfjs-node ${VERSIONS.tfjsNode} with npm, without its install script`);
  const cwd = join(part, 'package');
  await writeFile(join(cwd, 'package.json'), JSON.stringify({ name: 'qingnang-native', private: true }));
  const packages = [`@tensorflow/tfjs-node@${VERSIONS.tfjsNode}`, `node-api-headers@${VERSIONS.nodeApiHeaders}`];
  await must('Installing tfjs-node', 'npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], {
    cwd,
  });
}

async function checkGradient(part: string, fused: boolean): Promise<void> {
  const args = ['--input-type=commonjs', '-e', CHECK, String(fused)];
  const output = await must('The check of a gradient', process.execPath, args, { cwd: join(part, 'package') });
  if (!output.includes('gradient is right'))
    throw new SetupError('The native back end computes a wrong gradient here.');
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    names.filter((entry) => entry.isFile()).map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, n) => sum + n, 0);
}

/** What was done, in one line. */
export function readable(outcome: SetupOutcome): string {
  const { made, folder, tensorflow, tfjsNode, fused, bytes, seconds, gpu } = outcome;
  const what = `native${gpu ? ' GPU' : ''} back end, TensorFlow ${tensorflow}, tfjs-node ${tfjsNode}${fused ? ', with our own ops' : ''}`;
  return `${made ? 'made' : 'already there'}: ${what}, ${gigabytes(bytes)} in ${folder} (${seconds.toFixed(1)} s)`;
}
