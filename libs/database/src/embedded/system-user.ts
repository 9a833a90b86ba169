import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The account the server runs under; null means the account of this process. */
export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root, and initdb wants an account that /etc/passwd knows. */
export function serverUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find(([login]) => login === name);
    if (account) return { name, uid: Number(account[2]), gid: Number(account[3]) };
  }
  return null;
}

/** Spawn options that run a program as that account. */
export function runAs(user: SystemUser | null): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

/** Whether that account may run a program or write to a folder: asked by trying, since every parent folder counts. */
export function mayUse(user: SystemUser | null, path: string, how: 'execute' | 'write'): boolean {
  const flag = how === 'execute' ? '-x' : '-w';
  return spawnSync('/bin/sh', ['-c', `test ${flag} "$1"`, 'sh', path], { ...runAs(user), cwd: '/' }).status === 0;
}
