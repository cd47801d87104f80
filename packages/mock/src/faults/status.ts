import { isBodiless } from '../framing.ts';
import { faultField } from '../fault-field.ts';
import type { FaultInput, FaultKind } from '../fault.ts';
import { ownAnswer } from '../own-answer.ts';
import { leadingWaits } from '../plan-parts.ts';
import type { Plan } from '../step.ts';

const USAGE = 'status=503, or status=429 retry-after=1';

function parseStatus({ value, refuse }: FaultInput): number {
  const status = /^\d{3}$/.test(value ?? '') ? Number(value) : 0;
  if (status >= 200 && status <= 599) return status;
  throw refuse(
    value === undefined ? 'status' : `status=${value}`,
    `status takes a number from 200 to 599: ${USAGE}`,
  );
}

function parseRetryAfter({ options, refuse }: FaultInput): readonly string[] {
  const seconds = options.get('retry-after');
  if (seconds === undefined) return [];
  if (/^\d{1,9}$/.test(seconds)) return ['retry-after', seconds];
  throw refuse(`retry-after=${seconds}`, 'retry-after takes whole seconds: retry-after=1');
}

/** An answer in place of the recorded one, with a JSON body that names the rule. */
export function faultAnswer(status: number, rule: string, extraFields: readonly string[]): Plan {
  const fields = [...extraFields, ...faultField(rule)];
  if (isBodiless('GET', status)) {
    const headers = fields;
    const statusText = '';
    return [
      { kind: 'head', status, statusText, headers, framing: 'none' },
      { kind: 'end', trailers: [] },
    ];
  }
  const message = `calltape answered ${status} in place of the recording, as the fault rule says.`;
  return ownAnswer(status, { code: 'FAULT', message, rule }, fields);
}

function parse(input: FaultInput): ReturnType<FaultKind['parse']> {
  const status = parseStatus(input);
  const retryAfter = parseRetryAfter(input);
  return (plan, { rule }) => [...leadingWaits(plan), ...faultAnswer(status, rule, retryAfter)];
}

/** Another answer in place of the recorded one, short JSON that names the rule. */
export const status: FaultKind = {
  name: 'status',
  usage: USAGE,
  keys: ['retry-after'],
  usesUp: false,
  parse,
};
