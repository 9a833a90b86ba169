import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const libraries = fileURLToPath(new URL('../../libs/', import.meta.url));

/** Writes `NAME.br` beside each script and style, at the level that is too slow to do for each reader. */
function brotli(): Plugin {
  const compress = promisify(brotliCompress);
  return {
    name: 'brotli',
    apply: 'build',
    async writeBundle({ dir }) {
      const assets = join(dir!, 'assets');
      const names = (await readdir(assets)).filter((name) => /\.(js|css)$/.test(name));
      const write = async (path: string): Promise<void> =>
        writeFile(`${path}.br`, await compress(await readFile(path)));
      await Promise.all(names.map((name) => write(join(assets, name))));
    },
  };
}

export default defineConfig({
  plugins: [react(), brotli()],
  resolve: {
    alias: Object.fromEntries(
      ['contracts', 'text', 'kernel'].map((library) => [
        `@qingnang/${library}`,
        join(libraries, library, 'src/index.ts'),
      ]),
    ),
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      // Schemas only describe: those that nobody on a page checks with need not come along.
      treeshake: { moduleSideEffects: (id) => !id.startsWith(libraries), manualPureFunctions: ['z'] },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
});
