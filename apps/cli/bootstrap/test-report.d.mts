/** The parts of vitest's JSON report that are read. */
export interface TestReport {
  numPassedTests: number;
  testResults: {
    name: string;
    status: string;
    assertionResults: { ancestorTitles: string[]; title: string; status: string }[];
  }[];
}

export function countTests(report: TestReport, root?: string): { passed: number; failed: string[] };
