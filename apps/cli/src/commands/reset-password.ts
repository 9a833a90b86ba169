import { loadSettings } from '@qingnang/config';
import { createDataSource } from '@qingnang/database';
import { identityEntities, resetPassword } from '@qingnang/identity';
import { withDatabase } from '../supervisor/with-database.js';

/** For whoever has the machine, when nobody can sign in any more. */
export async function run([login]: string[]): Promise<number> {
  if (!login) {
    process.stderr.write('qingnang reset-password LOGIN\n');
    return 2;
  }
  return withDatabase(loadSettings(), async (url) => {
    const source = await createDataSource({ url, entities: identityEntities, poolSize: 2 }).initialize();
    try {
      const account = await resetPassword(source, login);
      process.stdout.write(`${account.login} / ${account.password}\n`);
      return 0;
    } finally {
      await source.destroy();
    }
  });
}
