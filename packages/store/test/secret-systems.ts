import type { CallDraft } from '@calltape/store';
import { MONEY_AND_MESSAGES } from './secret-calls-money.ts';
import { SHOPS_AND_WEB } from './secret-calls-web.ts';
import { draftOf } from './secret-told.ts';

/** A call as a client of a system sends it and the system answers it, and what in it is secret. */
export interface SecretCall {
  readonly system: string;
  readonly secrets: readonly string[];
  readonly draft: CallDraft;
}

/**
 * Every system whose clients calltape is tried with, and the places where each keeps its secrets. To
 * add one, write a call as its client sends it, and list what must not be on a tape.
 */
export function secretCalls(): SecretCall[] {
  return [...MONEY_AND_MESSAGES, ...SHOPS_AND_WEB].map(([system, secrets, told]) => ({
    system,
    secrets,
    draft: draftOf(told),
  }));
}
