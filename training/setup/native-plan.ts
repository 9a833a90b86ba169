/** Versions that fit each other: tried together. */
export const VERSIONS = { tensorflow: '2.21.0', tfjsNode: '4.22.0', nodeApiHeaders: '1.9.0' } as const;

/** What is fetched, how much room it takes, and what is kept of it. */
export interface NativePlan {
  gpu: boolean;
  /** As pip names it. */
  wheel: 'tensorflow' | 'tensorflow_cpu';
  version: string;
  /** On disk while it is being made, and afterwards; rounded up. */
  bytesNeeded: number;
  bytesKept: number;
}

export function nativePlan(gpu: boolean): NativePlan {
  return {
    gpu,
    wheel: gpu ? 'tensorflow' : 'tensorflow_cpu',
    version: VERSIONS.tensorflow,
    bytesNeeded: gpu ? 12e9 : 1.9e9,
    bytesKept: gpu ? 8e9 : 1.2e9,
  };
}

/** Arguments of `pip download` for one wheel; of the Python that runs it nothing is taken but the download. */
export function pipArguments(requirement: string, folder: string): string[] {
  return [
    ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'],
    ...['--python-version', '3.12', '--abi', 'cp312', '--abi', 'none', '--implementation', 'cp'],
    ...['--platform', 'manylinux_2_27_x86_64', '--platform', 'manylinux2014_x86_64', '--platform', 'manylinux1_x86_64'],
    ...['--dest', folder, requirement],
  ];
}

/** CUDA's wheels that a TensorFlow wheel asks for, with its bounds, from the wheel's METADATA. */
export function cudaRequirements(metadata: string): string[] {
  return [...metadata.matchAll(/^Requires-Dist: (nvidia-[a-z0-9-]+-cu12[^;\s]*);.*and-cuda/gm)].map(
    ([, name]) => name!,
  );
}

/** Files of the TensorFlow wheel that are needed: the two libraries for good, the headers to compile with. */
export function neededOfWheel(name: string): 'library' | 'header' | null {
  if (/^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/.test(name)) return 'library';
  return name.startsWith('tensorflow/include/') ? 'header' : null;
}
