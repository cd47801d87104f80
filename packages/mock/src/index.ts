export { MockError } from './errors.ts';
export type { MockErrorCode } from './errors.ts';
export type { FaultRule } from './fault-rule.ts';
export { parseLatency } from './latency-mode.ts';
export type { LatencyMode } from './latency-mode.ts';
export { parseFault } from './parse-fault.ts';
export type { RepeatMode } from './sequence.ts';
export { startMock } from './server.ts';
export type { Mock, MockOptions, MockSummary, UnusedRecording } from './server.ts';
