import { Contract, ContractDrifts, groupDrifts, Lessons, skippedOf } from '@calltape/drift';
import type { ApiDescription } from '@calltape/mock';
import { endpointsOfTape, type EndpointRule } from '@calltape/store';
import type { Config } from '../config-file.ts';
import { counted } from '../units.ts';
import type { LastCall } from './accepted-file.ts';
import type { Compared } from './compared.ts';
import { learnedCallOf } from './learned-call-of.ts';
import type { Side } from './side.ts';

/** Holds the calls of a side against a description of their API. */
export function compareContract(
  description: ApiDescription,
  side: Side,
  { rules, drift }: Config,
): Compared {
  const { found, described, before } = contractOf(description);
  const endpoints = endpointsOfTape([side.glimpsed], { rules: [...rules, ...described] });
  const lessons = new Lessons();
  let last: LastCall | null = null;
  let calls = 0;
  let faulted = 0;
  for (const exchange of side.exchanges()) {
    if (exchange.outcome === 'pending') continue;
    calls += 1;
    last = { id: exchange.id, startedAt: exchange.startedAt };
    if (exchange.fault !== null) {
      faulted += 1;
      continue;
    }
    const call = learnedCallOf(exchange, endpoints.endpointOf(exchange));
    found.add(call);
    lessons.add(call);
  }
  const skipped = new Map([...skippedOf(lessons)].filter(([what]) => what.startsWith('call')));
  for (const [what, many] of found.unchecked) skipped.set(what, many);
  if (faulted > 0) skipped.set('call altered by a fault', faulted);
  return {
    drifts: groupDrifts(found.drifts(drift.overrides)).flatMap((group) => group.drifts),
    sides: [{ name: description.file, tape: null }, side],
    learned: [
      { lessons: new Lessons(), calls: 0, last: null, skipped: new Map() },
      { lessons, calls, last, skipped },
    ],
    before,
  };
}

/** What a description says, to hold calls against. */
export interface DescribedApi {
  readonly found: ContractDrifts;
  /** Its templates. */
  readonly described: readonly EndpointRule[];
  /** What it is, in words. */
  readonly before: string;
}

export function contractOf({ version, document, file, ...rest }: ApiDescription): DescribedApi {
  const operations = rest.operations.map((operation) => ({
    ...operation,
    templates: templatesOf(operation),
  }));
  return {
    found: new ContractDrifts(new Contract({ version, document, operations })),
    described: operations.flatMap(({ method, templates }) =>
      templates.map((template): EndpointRule => ({
        method,
        origin: null,
        template,
        from: 'openapi',
      })),
    ),
    before: `the ${counted(operations.length, 'operation')} of ${file}`,
  };
}

/** Below each of its servers, and for those that record below a path of their own. */
function templatesOf({ template, basePaths }: ApiDescription['operations'][number]): string[] {
  return [...new Set([...basePaths.map((base) => base + template), template])];
}
