export { playWithNock } from './play-with-nock.ts';
export type { NockOptions, NockPlay } from './play-with-nock.ts';
