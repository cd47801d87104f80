import { type Instance, render } from 'ink';
import type { ReactElement } from 'react';
import { App } from './app.tsx';
import type { Key } from './key-event.ts';
import type { Session } from './session.ts';
import type { Theme } from './theme.ts';

const TICK_MS = 250;
const RESIZE_SETTLE_MS = 60;
const CLEAR_AND_HOME = '\u001b[2J\u001b[H';

/** Draws a session on the terminal and feeds it keys and time, until it ends. */
class Terminal {
  readonly #session: Session;
  readonly #theme: Theme;
  readonly #instance: Instance;
  readonly #hasKeyboard: boolean = process.stdin.isTTY;
  #ticker: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;
  #failure: Error | null = null;

  constructor(session: Session, theme: Theme) {
    this.#session = session;
    this.#theme = theme;
    this.#instance = render(this.#app(), {
      alternateScreen: true,
      incrementalRendering: true,
      patchConsole: true,
      exitOnCtrlC: false,
      maxFps: 60,
      // Without it Ink draws nothing where the environment variable CI is set.
      interactive: true,
    });
  }

  /** Resolves when the user quits; rejects, with the terminal restored, when drawing fails. */
  async run(): Promise<void> {
    this.#ticker = setInterval(this.#guard(this.#tick), TICK_MS);
    process.stdout.on('resize', this.#onResize);
    try {
      await this.#instance.waitUntilExit();
    } finally {
      clearInterval(this.#ticker);
      clearTimeout(this.#settling);
      process.stdout.off('resize', this.#onResize);
    }
    if (this.#failure !== null) throw this.#failure;
  }

  #app(): ReactElement {
    const { columns, rows } = process.stdout;
    return (
      <App
        lines={this.#session.lines(columns, rows, this.#theme)}
        columns={columns}
        rows={rows}
        hasKeyboard={this.#hasKeyboard}
        onKeys={(keys) => this.#guard(() => this.#press(keys))()}
        onPaste={(text) => this.#guard(() => this.#update(this.#session.paste(text)))()}
      />
    );
  }

  /** What fails outside of React's sight has to end the screen too, or it stays on the terminal. */
  #guard(act: () => void): () => void {
    return () => {
      try {
        act();
      } catch (error) {
        clearInterval(this.#ticker);
        // Ink's unmount() drops what it is given, so the reason is kept here.
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
        this.#instance.unmount();
      }
    };
  }

  readonly #tick = (): void => this.#update(this.#session.tick(Date.now()));

  #press(keys: readonly Key[]): void {
    let isNew = false;
    for (const key of keys) {
      isNew = this.#session.press(key, Date.now()) || isNew;
      if (key.name === 'ctrl-l') this.#repaint();
    }
    this.#update(isNew);
  }

  #update(isNew: boolean): void {
    if (this.#session.ended) this.#instance.unmount();
    else if (isNew) this.#instance.rerender(this.#app());
  }

  // Ink redraws at once, from the lines of the old size, and loses track of what is on the screen.
  // Starting over when the size has settled puts that right.
  readonly #onResize = (): void => {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(
      this.#guard(() => this.#repaint()),
      RESIZE_SETTLE_MS,
    );
  };

  #repaint(): void {
    this.#instance.clear();
    process.stdout.write(CLEAR_AND_HOME);
    this.#instance.rerender(this.#app());
  }
}

/** Shows a session full screen; resolves when the user quits. */
export async function showFullScreen(session: Session, theme: Theme): Promise<void> {
  await new Terminal(session, theme).run();
}
