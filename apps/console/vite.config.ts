import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: Object.fromEntries(
      ['contracts', 'text', 'kernel'].map((library) => [
        `@qingnang/${library}`,
        fileURLToPath(new URL(`../../libs/${library}/src/index.ts`, import.meta.url)),
      ]),
    ),
  },
  build: { outDir: 'dist', emptyOutDir: true, chunkSizeWarningLimit: 1200 },
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
});
