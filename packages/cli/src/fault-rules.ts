import { FAULT_PROFILES, parseFault, parseFaultFile } from '@calltape/mock';
import type { FaultRule } from '@calltape/mock';
import type { FlagReader } from './flag-reader.ts';
import { inputText } from './input-file.ts';
import type { MockFlags } from './tables/mock.ts';

/** The fault rules of a command line, those of --profile first and those of --fault last. */
export async function faultRules(
  flag: FlagReader<Pick<MockFlags, 'fault' | 'faults' | 'profile'>>,
): Promise<FaultRule[]> {
  const [file, profile] = [flag('faults'), flag('profile')];
  return [
    ...(profile === undefined ? [] : FAULT_PROFILES[profile].map(parseFault)),
    ...(file === undefined ? [] : await parseFaultFile(await inputText(file), file)),
    ...flag('fault').map(parseFault),
  ];
}
