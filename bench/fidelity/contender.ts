import type { Outcome } from './seen.ts';

/** What came of a call of each path. */
export type ByPath = Record<string, Outcome>;

/** A tool that records calls and plays them again. */
export interface FidelityContender {
  /** Its name, with the version where it is not of this project. */
  readonly name: string;
  /**
   * Records a call of each path; gives back what its kind of client sees without it.
   *
   * @param folder - For what it keeps.
   */
  record(url: string, paths: readonly string[], folder: string): Promise<ByPath>;
  /** Plays them again. The upstream is gone by then. */
  replay(url: string, paths: readonly string[], folder: string): Promise<ByPath>;
}
