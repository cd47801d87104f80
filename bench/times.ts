import { median } from './contender.ts';

/** Each round by the reference of that round. */
export function ratios(ours: readonly number[], reference: readonly number[]): number[] {
  return ours.map((one, round) => one / (reference[round] ?? 1));
}

/** The median over the rounds, each with the reference of its own round, and the range. */
export function timesOf(ours: readonly number[], reference: readonly number[]): string {
  const each = ratios(ours, reference);
  const [least, most] = [Math.min(...each), Math.max(...each)];
  const range = least < most ? ` (${least.toFixed(2)}-${most.toFixed(2)})` : '';
  return `${median(each).toFixed(2)} x${range}`;
}
