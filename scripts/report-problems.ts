/** Ends a check: prints what it found, or in one line that all is well. */
export function reportProblems(problems: readonly string[], well: string): void {
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(well);
  else process.exitCode = 1;
}
