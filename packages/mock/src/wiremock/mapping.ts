import type { DescribedPattern } from '../described.ts';
import type { SourceNode } from '../source-node.ts';
import { NotUnderstood } from './not-understood.ts';
import { readRequest } from './request-pattern.ts';
import type { Check } from './request-pattern.ts';
import { readResponse } from './response.ts';
import type { BodyFile, ResponseTemplate } from './response.ts';

/** What a mapping has to do with a scenario. */
export interface ScenarioPart {
  readonly name: string;
  /** The state in which it answers; null for any. */
  readonly needs: string | null;
  /** The state that it leaves; null for the same. */
  readonly leaves: string | null;
}

/** A stub mapping that can be played. */
export interface Mapping {
  readonly pattern: DescribedPattern;
  readonly checks: readonly Check[];
  /** The smaller, the earlier it is asked. */
  readonly priority: number;
  readonly scenario: ScenarioPart | null;
  readonly template: ResponseTemplate;
}

const DEFAULT_PRIORITY = 5;

const UNDERSTOOD: ReadonlySet<string> = new Set([
  'id',
  'uuid',
  'name',
  'request',
  'newRequest',
  'response',
  'priority',
  'scenarioName',
  'requiredScenarioState',
  'newScenarioState',
  'persistent',
  'insertionIndex',
  'metadata',
  '$schema',
]);

/** Members that do something besides answering; without them the answer is still right. */
const BESIDES: ReadonlySet<string> = new Set(['postServeActions', 'serveEventListeners']);

function nameOf(node: SourceNode): string {
  const name = node.get('name').text() ?? node.get('id').text() ?? node.get('uuid').text();
  return name ?? (node.pointer === '' ? 'the mapping' : node.pointer);
}

function scenarioOf(node: SourceNode): ScenarioPart | null {
  const name = node.get('scenarioName').text();
  if (name === undefined) return null;
  return {
    name,
    needs: node.get('requiredScenarioState').text() ?? null,
    leaves: node.get('newScenarioState').text() ?? null,
  };
}

function mappingOf(node: SourceNode, fileBytes: BodyFile): Mapping {
  const request = readRequest(
    node.get('request').absent ? node.get('newRequest') : node.get('request'),
  );
  const template = readResponse(node.get('response'), fileBytes);
  const { file } = node.source;
  return {
    pattern: {
      source: file,
      name: nameOf(node),
      method: request.method,
      url: request.url,
      used: false,
    },
    checks: request.checks,
    priority: node.get('priority').number() ?? DEFAULT_PRIORITY,
    scenario: scenarioOf(node),
    template,
  };
}

function besides(node: SourceNode): string[] {
  return node
    .members()
    .filter(([name, member]) => !UNDERSTOOD.has(name) && !isNothing(member))
    .map(([name, member]) => {
      if (!BESIDES.has(name)) throw new NotUnderstood(member);
      return `${name} is not done`;
    });
}

function isNothing({ value }: SourceNode): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/**
 * Reads a stub mapping. Undefined for one that asks for what is not done here; `warn` is told.
 *
 * @throws MockError WIREMOCK_INVALID when it is no mapping.
 */
export function readMapping(
  node: SourceNode,
  fileBytes: BodyFile,
  warn: (warning: string) => void,
): Mapping | undefined {
  const where = `"${nameOf(node.object())}" of ${node.source.file}`;
  try {
    const notes = besides(node);
    const mapping = mappingOf(node, fileBytes);
    for (const note of notes) warn(`The mapping ${where} is played, but its ${note}.`);
    return mapping;
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    warn(`The mapping ${where} is left out: ${error.message}.`);
    return undefined;
  }
}
