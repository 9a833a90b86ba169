import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.js';

/** Programs that use the means of the tests and are not tests: screenshots, load measurements. */
export default mergeConfig(
  { ...base, test: { ...base.test, projects: undefined } },
  defineConfig({ test: { include: ['test/{load,screenshots}/**/*.tool.ts'], testTimeout: 900_000, maxWorkers: 1 } }),
);
