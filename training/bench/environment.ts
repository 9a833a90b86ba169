import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { env } from 'node:process';
import { nativeFolder } from '../backend/native-folder.js';
import { must, run } from '../setup/programs.js';

/** Versions the figures of docs/benchmarks.md were made with; TRL 1.12 is the last with a PPO trainer. */
const PACKAGES = ['torch==2.15.0', 'trl==1.12.0', 'transformers==5.23.0'];

/** A Python with PyTorch and TRL. */
export interface PythonReference {
  python: string;
  megabytes: number;
}

/**
 * The Python named in `$QINGNANG_BENCH_PYTHON`, or the one of a scratch environment in the cache folder, made at the
 * first call and kept. @returns why there is none where that cannot be done
 */
export async function pythonReference(say: (line: string) => void): Promise<PythonReference | string> {
  const given = env['QINGNANG_BENCH_PYTHON'];
  const folder = given ? dirname(dirname(given)) : join(dirname(nativeFolder(false)), 'bench-python');
  const python = given ?? join(folder, 'bin', 'python');
  if (!existsSync(python)) {
    if ((await run('python3', ['-m', 'venv', '--help'])).code !== 0) return 'there is no Python 3 with venv here';
    say(`making a Python environment of about 6 GB with ${PACKAGES.join(', ')} in ${folder}; it is kept`);
    await mkdir(dirname(folder), { recursive: true });
    try {
      await must('Making the environment', 'python3', ['-m', 'venv', folder]);
      await must('Installing PyTorch', python, ['-m', 'pip', 'install', '--disable-pip-version-check', ...PACKAGES]);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      return (error as Error).message;
    }
  }
  const size = await run('du', ['-sm', folder]);
  return { python, megabytes: Number.parseInt(size.output, 10) || 0 };
}
