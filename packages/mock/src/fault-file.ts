import type { FaultRule } from './fault-rule.ts';

/**
 * Reads a file of fault rules, in YAML or JSON: a list of rules, each a text as `parseFault` reads it
 * or an object with `method`, `path`, one kind of fault and its keys.
 *
 * @param file - What the file is called in errors.
 * @throws MockError FAULT_INVALID, with the line, the place in the file and what to do.
 */
export async function parseFaultFile(text: string, file: string): Promise<FaultRule[]> {
  // A mock without such a file starts without a parser of YAML.
  const { RuleFile } = await import('./rule-file.ts');
  return new RuleFile(file, text).rules();
}
