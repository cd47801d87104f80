import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import type * as Headless from '@xterm/headless';

const PROGRAM = fileURLToPath(new URL('../../cli/bin/calltape.js', import.meta.url));
const PATIENCE_MS = 15_000;

// xterm is CommonJS without named exports that Node could see.
const load: (name: '@xterm/headless') => typeof Headless = createRequire(import.meta.url);

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** `calltape dashboard` in a terminal of its own. */
export class Terminal {
  readonly #xterm: Headless.Terminal;
  readonly #pty: IPty;
  readonly #changed = new Set<() => void>();
  #exitCode: number | null = null;
  #isCursorVisible = true;

  constructor(args: readonly string[], size: Size, environment: NodeJS.ProcessEnv = {}) {
    const { columns: cols, rows } = size;
    const { CI: _ci, NO_COLOR: _noColor, ...inherited } = process.env;
    const env = { ...inherited, ...environment };
    this.#xterm = new (load('@xterm/headless').Terminal)({ cols, rows, allowProposedApi: true });
    this.#watchCursor();
    this.#xterm.onWriteParsed(() => this.#tell());
    this.#pty = spawn(process.execPath, [PROGRAM, 'dashboard', ...args], {
      cols,
      rows,
      env,
      name: 'xterm-256color',
    });
    this.#xterm.onData((answer) => this.#pty.write(answer));
    this.#pty.onData((text) => this.#xterm.write(text));
    this.#pty.onExit(({ exitCode }) => {
      // What was written before the end has to be on the screen first.
      this.#xterm.write('', () => {
        this.#exitCode = exitCode;
        this.#tell();
      });
    });
  }

  get lines(): string[] {
    const { active } = this.#xterm.buffer;
    return Array.from(
      { length: this.#xterm.rows },
      (_, row) =>
        active
          .getLine(active.baseY + row)
          ?.translateToString()
          .trimEnd() ?? '',
    );
  }

  get text(): string {
    return this.lines.join('\n').trimEnd();
  }

  get isFullScreen(): boolean {
    return this.#xterm.buffer.active.type === 'alternate';
  }

  get isCursorVisible(): boolean {
    return this.#isCursorVisible;
  }

  get pid(): number {
    return this.#pty.pid;
  }

  press(keys: string): void {
    this.#pty.write(keys);
  }

  resize({ columns, rows }: Size): void {
    this.#xterm.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Resolves as soon as the screen is as wanted. */
  until(isThere: (terminal: this) => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (isThere(this)) end(resolve);
        else if (this.#exitCode !== null) end(() => reject(this.#missing(what)));
      };
      const end = (then: () => void): void => {
        clearTimeout(deadline);
        this.#changed.delete(look);
        then();
      };
      const deadline = setTimeout(() => end(() => reject(this.#missing(what))), PATIENCE_MS);
      this.#changed.add(look);
      look();
    });
  }

  shows(text: string | RegExp): Promise<void> {
    const found = (): boolean =>
      typeof text === 'string' ? this.text.includes(text) : text.test(this.text);
    return this.until(found, String(text));
  }

  async exit(): Promise<number> {
    await this.until(() => this.#exitCode !== null, 'the end of the program');
    return this.#exitCode ?? -1;
  }

  /** For the end of a test, whatever became of it. */
  close(): void {
    if (this.#exitCode === null) this.#pty.kill();
    this.#xterm.dispose();
  }

  #tell(): void {
    for (const look of this.#changed) look();
  }

  #missing(what: string): Error {
    return new Error(`The terminal never showed ${what}. It shows:\n${this.text}`);
  }

  /** DECTCEM: `CSI ? 25 h` shows the cursor, `CSI ? 25 l` hides it. */
  #watchCursor(): void {
    for (const final of ['h', 'l']) {
      this.#xterm.parser.registerCsiHandler({ prefix: '?', final }, (parameters) => {
        if (parameters.includes(25)) this.#isCursorVisible = final === 'h';
        return false;
      });
    }
  }
}
