import type { Call } from './call.ts';
import { MockError } from './errors.ts';
import type { FaultRule } from './fault-rule.ts';
import { fieldValue, withoutField } from './flat-headers.ts';
import { ownAnswer } from './own-answer.ts';
import { parseSingleFault } from './parse-fault.ts';
import type { Answer } from './answer.ts';
import type { Channel } from './visit.ts';

const FIELD = 'x-calltape-fault';
const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/** A call without the field that asks for a fault, and what that asked for. */
export interface RequestFault {
  readonly call: Call;
  readonly fault: FaultRule | null;
  /** What is answered where the field cannot be read. */
  readonly refusal: Answer | null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The client's address; a stream of HTTP/2 has it from its session's socket. Empty if unknown. */
function addressOf(channel: Channel): string {
  const own = memberOf(channel, 'remoteAddress');
  const socket = memberOf(memberOf(channel, 'session'), 'socket');
  const address = own ?? memberOf(socket, 'remoteAddress');
  return typeof address === 'string' ? address : '';
}

function refusalOf(error: MockError): Answer {
  const message = `${error.message} It came in the request's field ${FIELD}.`;
  const plan = ownAnswer(400, { code: 'FAULT_INVALID', message });
  return { plan, recording: null, faults: [], result: 'refused' };
}

/** Takes the field `x-calltape-fault` out of a call: it is meant for the mock, and neither matched nor kept. */
export function takeOwnRequestFault(came: Call): RequestFault {
  const text = fieldValue(came.headers, FIELD);
  if (text === undefined) return { call: came, fault: null, refusal: null };
  const call = { ...came, headers: withoutField(came.headers, FIELD) };
  try {
    return { call, fault: parseSingleFault(text, `requested: ${text}`), refusal: null };
  } catch (error) {
    if (!(error instanceof MockError)) throw error;
    return { call, fault: null, refusal: refusalOf(error) };
  }
}

/** The same for a call from a connection. Only clients on this machine are heard. */
export function takeRequestFault(came: Call, channel: Channel): RequestFault {
  if (fieldValue(came.headers, FIELD) === undefined || LOOPBACK.test(addressOf(channel))) {
    return takeOwnRequestFault(came);
  }
  const call = { ...came, headers: withoutField(came.headers, FIELD) };
  return { call, fault: null, refusal: null };
}
