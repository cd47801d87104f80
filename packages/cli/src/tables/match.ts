import { dashed, optional, repeatable, yesNo, type FlagTable } from '../flag.ts';
import { anyText, FILE } from '../value-kinds.ts';

/** What decides how a request finds its recording. */
export interface MatchFlags {
  readonly match: readonly string[];
  readonly ignore: readonly string[];
  readonly rules: string | undefined;
  readonly lenient: boolean;
}

export const MATCH_FLAGS: FlagTable<MatchFlags> = {
  match: dashed(
    repeatable(
      anyText('[-]PART'),
      'take header:NAME into matching, or with - leave header:NAME, host, query, body or learned out',
    ),
  ),
  ignore: repeatable(
    anyText('PLACE'),
    'what does not count: json:/POINTER, query:NAME, form:NAME, header:NAME or path:/PATH/*',
  ),
  rules: optional(FILE, 'a JSON file that says the same for some methods and paths each'),
  lenient: yesNo('answer a miss with the nearest recording of the endpoint, marked by a header'),
};
