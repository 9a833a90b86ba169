import { describe, expect, it } from 'vitest';
import { countTests } from './test-report.mjs';

const test = (title: string, status: string) => ({ ancestorTitles: ['a part'], title, status });

describe('the report of a test run', () => {
  it('names each failed test, and each file that failed without one', () => {
    const report = {
      numPassedTests: 2,
      testResults: [
        {
          name: '/root/libs/a.test.ts',
          status: 'failed',
          assertionResults: [test('works', 'passed'), test('fails', 'failed')],
        },
        { name: '/root/test/b.test.ts', status: 'failed', assertionResults: [] },
        {
          name: '/root/test/c.test.ts',
          status: 'failed',
          assertionResults: [test('was skipped by a hook', 'skipped')],
        },
        { name: '/root/test/d.test.ts', status: 'passed', assertionResults: [test('works', 'passed')] },
      ],
    };
    expect(countTests(report, '/root')).toEqual({
      passed: 2,
      failed: [
        'libs/a.test.ts > a part > fails',
        'test/b.test.ts (the file itself)',
        'test/c.test.ts (the file itself)',
      ],
    });
  });
});
