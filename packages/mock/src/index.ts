export { controlClient, ControlError } from './control/client.ts';
export type { ControlClient } from './control/client.ts';
export { JOURNAL_LENGTH, startControl } from './control/control.ts';
export type { Control, ControlOptions } from './control/control.ts';
export type {
  FaultList,
  MissList,
  MockHealth,
  ResetDone,
  Resettable,
  UnusedList,
} from './control/figures.ts';
export type { LocalServer } from './control/local-server.ts';
export { controlNotes, leaveControlNote } from './control/notes.ts';
export type { ControlNote } from './control/notes.ts';
export { MockError } from './errors.ts';
export type { MockErrorCode } from './errors.ts';
export type { Miss, NearMissNote, NearPatternNote, RecordingNote, WouldBe } from './explain.ts';
export { parseFaultFile } from './fault-file.ts';
export type { FaultRule } from './fault-rule.ts';
export type { FaultsInForce, RuleState } from './faults-in-force.ts';
export type { JournalEntry, JournalPage } from './journal.ts';
export { parseLatency } from './latency-mode.ts';
export type { LatencyMode } from './latency-mode.ts';
export type { Learned } from './learned-requests.ts';
export type { MatchChoice } from './match-choice.ts';
export type { RouteRule } from './matching.ts';
export type { CountedMiss } from './misses.ts';
export { single } from './metrics/family.ts';
export type { Family, Labels, Sample } from './metrics/family.ts';
export { DurationHistogram } from './metrics/histogram.ts';
export { readDescription } from './source-file.ts';
export { startMetricsServer } from './metrics/metrics-server.ts';
export { mockFamilies } from './metrics/mock-families.ts';
export type { MockSummary, UnusedPattern, UnusedRecording } from './mock-summary.ts';
export type { ApiDescription, ApiOperation } from './openapi/api-description.ts';
export { openMock } from './open-mock.ts';
export type { OpenMock, PlayOptions } from './open-mock.ts';
export type { AnswerResult } from './answer.ts';
export { parseFault } from './parse-fault.ts';
export { parseIgnore, parseMatch, parseMatchRules } from './parse-match.ts';
export type { Place } from './place.ts';
export { FAULT_PROFILES } from './profiles.ts';
export type { FaultProfile } from './profiles.ts';
export type { RepeatMode } from './sequence.ts';
export { serveMock, startMock } from './server.ts';
export type { Mock, MockOptions, ServeOptions } from './server.ts';
export type { SeenCall } from './seen-call.ts';
export { sharesPorts } from './listen.ts';
export { serveWorker } from './sharing/serve-worker.ts';
export { Workers } from './sharing/workers.ts';
export { checkSources } from './sources.ts';
export { describedCalls } from './openapi/described-calls.ts';
export type { DescribedCalls } from './openapi/described-calls.ts';
export { superseded } from './superseded.ts';
export type { Opening, Visit } from './visit.ts';
export { DeliveryCollector } from './webhooks/deliveries.ts';
export type { WebhookDelivery } from './webhooks/deliveries.ts';
export { isLoopbackHost } from './webhooks/nearby.ts';
export { recogniseWebhook } from './webhooks/recognise.ts';
export type { RecognisedWebhook } from './webhooks/recognise.ts';
export { WEBHOOK_PROVIDERS } from './webhooks/registry.ts';
export type { SecretNeed, WebhookProvider } from './webhooks/scheme.ts';
export { prepareWebhook, sendWebhook } from './webhooks/send-webhook.ts';
export type {
  PreparedWebhook,
  SentWebhook,
  WebhookAttempt,
  WebhookOptions,
} from './webhooks/send-webhook.ts';
export { WatchedMock } from './watched-mock.ts';
export { playOptionsOf } from './written-options.ts';
export type { WrittenOptions } from './written-options.ts';
