export { useTape } from './use-tape.ts';
export type { UsedTape } from './use-tape.ts';
export type { TapeOptions } from './tape-door.ts';
