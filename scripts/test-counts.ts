export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/** What is used of the JSON report of vitest. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * How many tests passed and failed. A file that failed without a failed test in it (it could not be
 * loaded) counts as one failure, and so does a run that ended badly with nothing failed in it.
 */
export function countTests(report: TestReport, endedWell: boolean): TestCounts {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  const failed = report.numFailedTests + brokenFiles.length;
  return { passed: report.numPassedTests, failed: failed === 0 && !endedWell ? 1 : failed };
}
