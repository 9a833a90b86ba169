import { relative } from 'node:path';

/**
 * What vitest's JSON report says: how many tests passed, and each failure by file and name. A file that fails without
 * a failed test of its own (it does not load, a hook throws) is a failure too.
 */
export function countTests(report, root = process.cwd()) {
  const failed = report.testResults.flatMap((file) => {
    const name = relative(root, file.name);
    const tests = file.assertionResults.filter((test) => test.status === 'failed');
    if (tests.length > 0) return tests.map((test) => `${name} > ${[...test.ancestorTitles, test.title].join(' > ')}`);
    return file.status === 'failed' ? [`${name} (the file itself)`] : [];
  });
  return { passed: report.numPassedTests, failed };
}
