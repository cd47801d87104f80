/** Logarithms of factorials, filled as they are asked for. */
const logFactorials: number[] = [0];
const MOST_TABLE = 4096;

/** ln(n!): exact by a table for small n, by Stirling's series beyond. */
function logFactorial(n: number): number {
  if (n >= MOST_TABLE) {
    const x = n + 1;
    return (
      (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3)
    );
  }
  for (let next = logFactorials.length; next <= n; next += 1) {
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next));
  }
  return logFactorials[n] ?? 0;
}

/** ln of the chance of exactly `x` of `m` after `k` of `n`. */
function logChance(k: number, n: number, x: number, m: number): number {
  return (
    logFactorial(m) -
    logFactorial(x) -
    logFactorial(m - x) +
    logFactorial(k + x) +
    logFactorial(n - k + m - x) -
    logFactorial(n + m + 1) -
    (logFactorial(k) + logFactorial(n - k) - logFactorial(n + 1))
  );
}

/**
 * The chance that something seen `k` times of `n` is seen `m` or more times of the next `of`, when
 * nothing has changed and any rate was as likely before the first look: the tail of the beta-binomial
 * distribution. For 0 of n and 1 of 1 it is 1/(n+2), the rule of succession.
 */
export function surprise(k: number, n: number, m: number, of: number): number {
  if (m <= 0) return 1;
  let term = Math.exp(logChance(k, n, m, of));
  let sum = term;
  for (let x = m; x < of; x += 1) {
    const ratio = ((of - x) / (x + 1)) * ((1 + k + x) / (n - k + of - x));
    term *= ratio;
    sum += term;
    if (ratio < 1 && term < sum * 1e-12) break;
  }
  return Math.min(1, sum);
}
