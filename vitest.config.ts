import { defineConfig } from 'vitest/config';

/** Files that change modules or the page they run in for whoever comes after them. */
const ALONE = ['apps/console/**/*.test.{ts,tsx}', 'libs/llm/src/wire/stream-chat.test.ts'];

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    // What is waited for comes when it comes: a busy machine is no failure. These bounds only end what would never come.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    // Two cores: more workers only fight each other and the databases they start.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['{apps,libs,migrations,training,test}/**/*.test.ts'],
          exclude: [...ALONE, '**/node_modules/**'],
          // Loading the frameworks anew for each file took half of the time of all tests.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE, exclude: ['**/node_modules/**'] } },
    ],
  },
});
