export type * from './exchange.ts';
export type {
  CallDraft,
  DraftBody,
  DraftInterim,
  DraftResponse,
  DraftTimings,
  FlatHeaders,
  Repeats,
} from './draft.ts';
export { newDraft } from './draft.ts';
export { messagesOfDraft } from './draft-messages.ts';
export { draftOfExchange } from './draft-of-exchange.ts';
export { OF_THE_BYTES, isAsciiText } from './ascii-text.ts';
export { BodyUrls, TextShift } from './body-urls.ts';
export type { MovedSite, TextEdit } from './body-urls.ts';
export { exchangeOfDraft } from './exchange-of-draft.ts';
export { contentCodings, decodeBody } from './decode.ts';
export type { DecodedBody, DecodeLimits } from './decode.ts';
export { bodyText, charsetOf, mediaType } from './decode-text.ts';
export { encodeBody } from './encode-coding.ts';
export { endpointOf, pathTemplate } from './endpoint/endpoint-of.ts';
export {
  EndpointRuleError,
  endpointRuleText,
  parseEndpointRule,
} from './endpoint/endpoint-rules.ts';
export type { EndpointRule } from './endpoint/endpoint-rules.ts';
export type { Glimpse, Glimpses } from './endpoint/glimpse.ts';
export type {
  AddressedCall,
  FoundBy,
  LearnedEndpoint,
  LearnedParameter,
} from './endpoint/infer-endpoints.ts';
export { glimpsesOfCalls } from './endpoint/glimpses-of-calls.ts';
export { endpointsOfTape } from './endpoint/learn-endpoints.ts';
export type { Glimpsed, LearnOptions, TapeEndpoints } from './endpoint/learn-endpoints.ts';
export { pathOfTemplate } from './endpoint/operation.ts';
export { repairEndpoints } from './endpoint/repair-endpoints.ts';
export { TapeError } from './errors.ts';
export type { TapeErrorCode } from './errors.ts';
export { stringFormat } from './string-format.ts';
export type { StringFormat } from './string-format.ts';
export { sqliteVersion } from './database.ts';
export { describeFilter, parseFilter } from './filter.ts';
export type { Filter } from './filter.ts';
export { curlCommand, toCurl } from './export-curl.ts';
export { toNock } from './export-nock.ts';
export type { NockGap } from './export-nock.ts';
export { toOpenApi } from './export-openapi.ts';
export type { OpenApiGap } from './export-openapi.ts';
export { FrameReader } from './frame-reader.ts';
export type { FrameHead, FrameSink } from './frame-reader.ts';
export { toWireMock } from './export-wiremock.ts';
export type { WireMockGap } from './export-wiremock.ts';
export type {
  Finding,
  FindingCount,
  FindingCounts,
  FindingExample,
  FindingRow,
} from './finding.ts';
export { openFindingWriter } from './finding-writer.ts';
export type { FindingWriter } from './finding-writer.ts';
export { FilterError } from './filter-error.ts';
export { toHar } from './har-export.ts';
export { importCalls } from './har-import.ts';
export type { ImportedCalls } from './har-import.ts';
export type { KeepFilters } from './keep-rule.ts';
export { calltapeHome } from './home.ts';
export { header, headerAll, toFlat, toLines } from './headers.ts';
export { indentJson } from './indent-json.ts';
export { jsonString, rewriteJson } from './json-text.ts';
export type { JsonChange, JsonPlace, RewrittenJson } from './json-text.ts';
export type { HarCall } from './har-messages-import.ts';
export { closeReason } from './message.ts';
export type {
  DraftMessage,
  Message,
  MessageDirection,
  MessageKind,
  WebSocketTotals,
} from './message.ts';
export type { MessageQuery } from './message-row.ts';
export { cookieAtPath, movedCookie, withMovedUrls } from './moved-urls.ts';
export { makeOwnFile, readOwnFile } from './own-file.ts';
export type { OwnFile } from './own-file.ts';
export { isAlive } from './recording-row.ts';
export { openPruner } from './pruner.ts';
export type { PrunePlan, PruneRequest, Pruner } from './pruner.ts';
export { createRedactor, redactorWith } from './redact.ts';
export type { Redactor, RedactorOptions, RedactorParts } from './redact.ts';
export type { BodyToStore, StoredBody } from './redact-body.ts';
export { nextRepeat } from './repeats.ts';
export { redactExchange } from './redact-exchange.ts';
export { parseRedactRules } from './redact-rules.ts';
export type { RedactRules } from './redact-rules.ts';
export { redactText } from './redact-text.ts';
export { scanFile } from './scan-file.ts';
export type { SecretFinding } from './scan.ts';
export { loadSecretKey } from './secret-key.ts';
export { NO_TAPE } from './no-tape.ts';
export { openTape } from './tape.ts';
export type { EndpointRow, Tape, TapeChanges, TapeCursor, TapeOptions } from './tape.ts';
export type { CallRow, TapeQuery } from './tape-query.ts';
export { undoRecording } from './undo-recording.ts';
export { visible } from './visible.ts';
export { openWriter } from './writer.ts';
export type { OnKept } from './batch.ts';
export type { Retention } from './writer-messages.ts';
export type { RecordingStart, TapeWriter, WriterOptions, WriterStats } from './writer.ts';
