import { useInput, usePaste } from 'ink';
import { type Key, keysOf } from './key-event.ts';

/**
 * Passes keys and pasted text on. Listening for pastes, also where they are dropped, is what makes
 * the terminal mark them: text pasted by mistake must not press keys.
 */
export function useKeys(
  onKeys: (keys: readonly Key[]) => void,
  onPaste: (text: string) => void,
  isActive: boolean,
): void {
  useInput((input, key) => onKeys(keysOf(input, key)), { isActive });
  usePaste(onPaste, { isActive });
}
