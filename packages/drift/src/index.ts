export { compare, compareAll } from './compare.ts';
export {
  type Direction,
  type Drift,
  DRIFT_KINDS,
  type DriftKind,
  type DriftNote,
  type DriftPlace,
  type Evidence,
  type Severity,
} from './drift.ts';
export { EndpointLessons } from './endpoint-lessons.ts';
export { exportSchema, type JsonSchema } from './export-schema.ts';
export { type DriftGroup, groupDrifts } from './group-drifts.ts';
export type { CompareOptions, Judged } from './judge.ts';
export type { LearnedCall } from './learned-call.ts';
export { Lessons, type LessonsJson } from './lessons.ts';
export { type EndpointJson, endpointFromJson, endpointJson } from './lessons-json.ts';
export { type Mutation, type MutationKind, mutationsOf } from './mutations.ts';
export { exportOpenApi } from './openapi.ts';
export type { SeverityOverride } from './severity.ts';
export type { Example } from './sightings.ts';
export { surprise } from './surprise.ts';
export { skippedOf } from './skipped.ts';
export { treeOf, type TreeLine } from './shape-tree.ts';
export { Contract, type ContractOperation, type ContractSource } from './contract.ts';
export { ContractDrifts } from './contract-drifts.ts';
export { forgetTexts } from './forget-texts.ts';
