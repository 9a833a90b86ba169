import type { ImportJob } from '@qingnang/contracts';

/** What an import is called: its files. */
export function fileNames(job: ImportJob): string {
  return job.files.map((file) => file.fileName).join(' + ');
}
