import type { FindMock, MockControl, MockNow, MockRule } from './mock-control.ts';

/** How often a mock is asked what is in force. */
const ASK_MS = 1000;

/** What is known of the mock whose answers are watched. */
export interface MockView {
  /** `asking`: nothing has come yet; `none`: no such mock; `gone`: there was one. */
  readonly kind: 'asking' | 'none' | 'gone' | 'here';
  /** What it said last; null before that, and when there is no mock. */
  readonly now: MockNow | null;
  /** Why it cannot be asked, in a sentence; null when it answers. */
  readonly trouble: string | null;
  /** What came of the last thing it was told: null for nothing yet. */
  readonly said: { readonly text: string; readonly isRefusal: boolean } | null;
  /** It has been told something and has not answered. */
  readonly isBusy: boolean;
  readonly profiles: readonly string[];
}

type Act = (mock: MockControl) => Promise<unknown>;

const NOTHING_KNOWN: MockView = {
  kind: 'asking',
  now: null,
  trouble: null,
  said: null,
  isBusy: false,
  profiles: [],
};

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Asks and tells a mock beside the drawing, which never waits for it. */
export class MockDesk {
  readonly #find: FindMock;
  #view: MockView = NOTHING_KNOWN;
  #isNew = false;
  #askedMs = Number.NEGATIVE_INFINITY;
  /** Requests that no answer has come to. */
  #open = 0;
  /** What came in answer to an older request must not replace what is known by a newer one. */
  #turn = 0;

  constructor(find: FindMock) {
    this.#find = find;
  }

  get view(): MockView {
    return this.#view;
  }

  /** Asks again where it is time; true when something is known anew. Waits for nothing. */
  poll(nowMs: number): boolean {
    if (this.#open === 0 && nowMs - this.#askedMs >= ASK_MS) {
      this.#askedMs = nowMs;
      this.#ask(null, null);
    }
    const isNew = this.#isNew;
    this.#isNew = false;
    return isNew;
  }

  turn({ id, on }: MockRule): boolean {
    return this.#tell((mock) => mock.turnRule(id, !on), `Rule ${id} is ${on ? 'off' : 'on'}.`);
  }

  add(rule: string): boolean {
    return this.#tell((mock) => mock.addRule(rule), `Added: ${rule}`);
  }

  setProfile(name: string): boolean {
    const profile = name === 'none' ? null : name;
    return this.#tell((mock) => mock.setProfile(profile), `Profile ${name} is in force.`);
  }

  reset(): boolean {
    const done = 'Recordings play from their beginning, rules count anew.';
    return this.#tell((mock) => mock.reset(), done);
  }

  /** True when the mock is being told; one thing at a time. */
  #tell(act: Act, done: string): boolean {
    if (this.#view.isBusy || this.#view.now === null) return false;
    this.#become({ said: null, isBusy: true });
    this.#ask(act, done);
    return true;
  }

  #ask(act: Act | null, done: string | null): void {
    const mock = this.#found();
    if (mock === null) return;
    this.#turn += 1;
    this.#open += 1;
    const turn = this.#turn;
    void this.#answerOf(mock, act, done, turn).finally(() => {
      this.#open -= 1;
    });
  }

  /** Never rejects. */
  async #answerOf(
    mock: MockControl,
    act: Act | null,
    done: string | null,
    turn: number,
  ): Promise<void> {
    const { profiles } = mock;
    if (act !== null) await this.#did(act(mock), done ?? '');
    try {
      const now = await mock.now();
      if (turn !== this.#turn) return;
      // That it did not answer is out of date, and it may have done what it was told.
      const said = this.#view.trouble === null ? this.#view.said : null;
      this.#become({ kind: 'here', now, trouble: null, said, profiles });
    } catch (error) {
      if (turn === this.#turn) this.#become({ kind: 'here', trouble: sentence(error), profiles });
    }
  }

  async #did(doing: Promise<unknown>, done: string): Promise<void> {
    try {
      await doing;
      this.#become({ isBusy: false, said: { text: done, isRefusal: false } });
    } catch (error) {
      this.#become({ isBusy: false, said: { text: sentence(error), isRefusal: true } });
    }
  }

  #found(): MockControl | null {
    const mock = this.#find();
    if (mock !== null) return mock;
    const { kind, now } = this.#view;
    const hadOne = kind === 'gone' || now !== null;
    const next = hadOne ? 'gone' : 'none';
    if (next !== kind || now !== null) {
      this.#become({ kind: next, now: null, trouble: null, said: null, isBusy: false });
    }
    return null;
  }

  #become(change: Partial<MockView>): void {
    this.#view = { ...this.#view, ...change };
    this.#isNew = true;
  }
}
