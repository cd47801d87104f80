import { STATUS_CODES } from '../node-http.ts';
import type { HeaderLine } from '@calltape/store';
import { describedPlan, describedWait, unsendable } from '../described-plan.ts';
import type { DescribedAnswer, Dribble } from '../described-plan.ts';
import { exactJsonText } from '../exact-json.ts';
import type { LatencyMode } from '../latency-mode.ts';
import { lognormalMs } from '../random.ts';
import type { Random } from '../random.ts';
import type { SourceNode } from '../source-node.ts';
import type { Plan } from '../step.ts';
import { NotUnderstood } from './not-understood.ts';

/** The plan of a mapping's answer to a request with this method. */
export type ResponseTemplate = (method: string, latency: LatencyMode, random: Random) => Plan;

/** Reads the bytes of a file of the `__files` folder. */
export type BodyFile = (node: SourceNode) => Uint8Array;

const UNDERSTOOD: ReadonlySet<string> = new Set([
  'status',
  'statusMessage',
  'headers',
  'body',
  'jsonBody',
  'base64Body',
  'bodyFileName',
  'fixedDelayMilliseconds',
  'delayDistribution',
  'chunkedDribbleDelay',
  'fault',
  'transformers',
  'transformerParameters',
  'fromConfiguredStub',
]);

const REASON_PHRASE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** No HTTP, and no chunk. */
const GARBAGE = Buffer.from('\u0007not a chunk\u0000\u001b?!\r\n');

/** What is on the wire instead of the answer, behind whatever waits there are. */
const FAULTS: ReadonlyMap<string, Plan> = new Map<string, Plan>([
  ['EMPTY_RESPONSE', [{ kind: 'close' }]],
  ['CONNECTION_RESET_BY_PEER', [{ kind: 'reset' }]],
  ['RANDOM_DATA_THEN_CLOSE', [{ kind: 'raw', bytes: GARBAGE }, { kind: 'close' }]],
  [
    'MALFORMED_RESPONSE_CHUNK',
    [
      {
        kind: 'head',
        status: 200,
        statusText: 'OK',
        headers: ['Transfer-Encoding', 'chunked'],
        framing: 'chunked',
      },
      { kind: 'raw', bytes: GARBAGE },
      { kind: 'close' },
    ],
  ],
]);

function headerLines(node: SourceNode): HeaderLine[] {
  return node.members().flatMap(([name, value]) => {
    const values = Array.isArray(value.value) ? value.items() : [value];
    return values.map((one): HeaderLine => {
      const text = one.anyText() ?? '';
      const problem = unsendable(name, text);
      if (problem !== undefined) one.fail(`cannot be sent: ${problem}`);
      return [name, text];
    });
  });
}

function base64Bytes(node: SourceNode): Uint8Array {
  const text = (node.text() ?? '').replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) node.fail('is no Base64');
  return Buffer.from(text, 'base64');
}

function bodyBytes(response: SourceNode, fileBytes: BodyFile): Uint8Array {
  const given = ['body', 'jsonBody', 'base64Body', 'bodyFileName'].filter(
    (name) => response.has(name) && (name === 'jsonBody' || !response.get(name).absent),
  );
  const [name = '', second] = given;
  if (second !== undefined) {
    response.get(second).fail(`is there beside ${name}`, 'Leave one of them');
  }
  const node = response.get(name);
  if (name === 'body') return Buffer.from(node.anyText() ?? '');
  if (name === 'jsonBody') return Buffer.from(exactJsonText(node.value));
  if (name === 'base64Body') return base64Bytes(node);
  return name === '' ? Buffer.alloc(0) : fileBytes(node);
}

/** Templates are written in double braces; without any, a template is a text like any other. */
function checkTransformers(response: SourceNode, answer: DescribedAnswer): void {
  for (const transformer of response.get('transformers').items()) {
    const isTemplate = transformer.text() === 'response-template';
    const texts = [
      Buffer.from(answer.body).toString(),
      ...answer.headers.map(([, value]) => value),
    ];
    if (isTemplate && !texts.some((text) => text.includes('{{'))) continue;
    throw new NotUnderstood(transformer, `is ${transformer.text() ?? ''}, which is not done`);
  }
}

function answerOf(response: SourceNode, fileBytes: BodyFile): DescribedAnswer {
  const statusNode = response.get('status');
  const status = statusNode.number() ?? 200;
  if (!Number.isInteger(status) || status < 200 || status > 999) {
    statusNode.fail('is no status of an answer', 'Write a number from 200 to 599');
  }
  const statusText = response.get('statusMessage').text() ?? STATUS_CODES[status] ?? '';
  if (!REASON_PHRASE.test(statusText)) {
    response.get('statusMessage').fail('has characters that a status line cannot have');
  }
  const headers = headerLines(response.get('headers'));
  return { status, statusText, headers, body: bodyBytes(response, fileBytes) };
}

type Delay = (random: Random) => number;

function distribution(node: SourceNode): Delay {
  if (node.absent) return () => 0;
  const type = node.object().get('type').text();
  if (type === 'uniform') {
    const lower = node.get('lower').number(0) ?? 0;
    const upper = node.get('upper').number(lower) ?? lower;
    return (random) => lower + Math.floor(random() * (upper - lower + 1));
  }
  if (type === 'lognormal') {
    const median = node.get('median').number(0) ?? node.get('median').fail('is missing');
    const sigma = node.get('sigma').number(0) ?? node.get('sigma').fail('is missing');
    const most = node.get('maxValue').number(0) ?? Infinity;
    return (random) => Math.min(lognormalMs(median, sigma, random), most);
  }
  if (type === 'fixed') {
    const ms = node.get('milliseconds').number(0) ?? 0;
    return () => ms;
  }
  throw new NotUnderstood(node.get('type'));
}

function dribble(node: SourceNode): Dribble | undefined {
  if (node.absent) return undefined;
  const count = node.object().get('numberOfChunks');
  const pieces = count.number(1) ?? count.fail('is missing', 'Write how many pieces there are');
  if (!Number.isInteger(pieces)) count.fail('is no whole number');
  const total = node.get('totalDuration');
  return { pieces, totalMs: total.number(0) ?? total.fail('is missing', 'Write milliseconds') };
}

function faultOf(node: SourceNode): Plan | undefined {
  const name = node.text();
  if (name === undefined) return undefined;
  const fault = FAULTS.get(name);
  if (fault === undefined)
    node.fail('is no fault', `Write one of ${[...FAULTS.keys()].join(', ')}`);
  return fault;
}

/**
 * Reads the `response` of a mapping.
 *
 * @throws NotUnderstood when something else than this answer would be right.
 */
export function readResponse(response: SourceNode, fileBytes: BodyFile): ResponseTemplate {
  for (const [name, node] of response.object().members()) {
    // A proxied or transformed answer is another answer.
    if (!UNDERSTOOD.has(name) && !node.absent) throw new NotUnderstood(node);
  }
  const answer = answerOf(response, fileBytes);
  checkTransformers(response, answer);
  const fixedMs = response.get('fixedDelayMilliseconds').number(0) ?? 0;
  const delay = distribution(response.get('delayDistribution'));
  const pieces = dribble(response.get('chunkedDribbleDelay'));
  const fault = faultOf(response.get('fault'));
  return (method, latency, random) => [
    ...describedWait(fixedMs + delay(random), latency),
    ...(fault === undefined ? describedPlan(method, answer, pieces) : fault),
  ];
}
