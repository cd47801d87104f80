import { Box, Text } from 'ink';
import type { ReactElement } from 'react';
import type { Key } from './key-event.ts';
import { useKeys } from './use-keys.ts';

export interface AppProps {
  /** One string a line, with its colours, all as wide as the terminal. */
  readonly lines: readonly string[];
  readonly columns: number;
  readonly rows: number;
  /** Whether there is a keyboard to listen to. */
  readonly hasKeyboard: boolean;
  readonly onKeys: (keys: readonly Key[]) => void;
  readonly onPaste: (text: string) => void;
}

/** A line has no identity but its place on the screen. */
function keyed(lines: readonly string[]): { readonly key: string; readonly line: string }[] {
  return lines.map((line, row) => ({ key: `row ${row}`, line }));
}

/** Shows lines that are made elsewhere, and passes keys on. */
export function App(props: AppProps): ReactElement {
  useKeys(props.onKeys, props.onPaste, props.hasKeyboard);
  return (
    <Box flexDirection="column" width={props.columns} height={props.rows} overflow="hidden">
      {keyed(props.lines).map(({ key, line }) => (
        <Text key={key} wrap="truncate">
          {line}
        </Text>
      ))}
    </Box>
  );
}
