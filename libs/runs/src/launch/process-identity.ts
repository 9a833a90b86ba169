import { existsSync, readFileSync } from 'node:fs';

/**
 * Tells a process from a later one with the same number: its start time and the boot it belongs to. Null if there is no
 * such process, or where the system does not say.
 */
export function processIdentity(pid: number): string | null {
  if (!existsSync('/proc/self/stat')) return null;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks; the start time is the 20th field after it, the state the first.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : `${boot} ${fields[19]}`;
  } catch {
    return null;
  }
}
