import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDataSource } from '@qingnang/database';
import { createFirstAdmin, identityEntities } from '@qingnang/identity';

export interface FirstLogin {
  login: string;
  password: string;
  file: string;
}

/** Where nobody can sign in yet, makes the installation admin; the password is kept in `first-login`, mode 600. */
export async function makeFirstAdmin(url: string, dataDir: string): Promise<FirstLogin | null> {
  const source = await createDataSource({ url, entities: identityEntities, poolSize: 2 }).initialize();
  try {
    const admin = await createFirstAdmin(source);
    if (!admin) return null;
    const file = join(dataDir, 'first-login');
    await writeFile(file, `login: ${admin.login}\npassword: ${admin.password}\n`, { mode: 0o600 });
    return { ...admin, file };
  } finally {
    await source.destroy();
  }
}
