import { DomainError } from '@qingnang/kernel';
import { SettingsError } from '@qingnang/config';

const SYSTEM_FAULTS: Record<string, (path: string) => string> = {
  ENOSPC: (path) => `The disk is full${path}: free some space and start again.`,
  EDQUOT: (path) => `The disk quota is used up${path}: free some space and start again.`,
  EACCES: (path) => `This account may not write or read${path}: change the rights, or QINGNANG_DATA_DIR.`,
  EROFS: (path) => `The file system is read-only${path}: set QINGNANG_DATA_DIR to a folder that can be written.`,
  ENOTDIR: (path) => `A part of the path is no folder${path}: correct QINGNANG_DATA_DIR.`,
};

/** What a person reads when a command fails: one line for a fault they can mend, the stack for one only we can. */
export function explain(error: unknown): string {
  if (error instanceof SettingsError) {
    return ['Settings to correct, in the environment or in .env:', ...error.faults.map((line) => `  ${line}`)].join(
      '\n',
    );
  }
  if (error instanceof DomainError) return error.message;
  const { code, path } = error as NodeJS.ErrnoException;
  const sentence = SYSTEM_FAULTS[code ?? ''];
  if (sentence) return sentence(path ? ` (${path})` : '');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
