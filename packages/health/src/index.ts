export type {
  EndpointFigures,
  FaultFigures,
  Figures,
  Health,
  Latency,
  Percentile,
  Reason,
  Trend,
} from './figures.ts';
export { extentOf, summarise, summariseAll } from './summarise.ts';
export { type Slice, sliceOf, type Verdict, verdictOf } from './verdict.ts';
export { Window, type WindowOptions } from './window.ts';
