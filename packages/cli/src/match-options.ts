import { parseIgnore, parseMatch, parseMatchRules, type PlayOptions } from '@calltape/mock';
import type { FlagReader } from './flag-reader.ts';
import { inputText } from './input-file.ts';
import type { MatchFlags } from './tables/match.ts';

/**
 * What the flags of a command say of matching.
 *
 * Throws MockError MATCH_INVALID, IGNORE_INVALID or RULES_INVALID, or CliError for a rules file that
 * is not there.
 */
export async function matchOptions(
  flag: FlagReader<MatchFlags>,
): Promise<Pick<PlayOptions, 'match' | 'ignore' | 'lenient' | 'rules'>> {
  const file = flag('rules');
  return {
    match: flag('match').map(parseMatch),
    ignore: flag('ignore').map(parseIgnore),
    lenient: flag('lenient'),
    rules: file === undefined ? [] : parseMatchRules(await inputText(file), file),
  };
}
