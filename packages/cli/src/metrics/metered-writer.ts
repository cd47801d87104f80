import type {
  CallDraft,
  DraftBody,
  DraftMessage,
  OnKept,
  TapeWriter,
  WriterStats,
} from '@calltape/store';
import type { CallMeter } from './call-meter.ts';

/** A writer that has every call counted which ends. */
export class MeteredWriter implements TapeWriter {
  readonly #writer: TapeWriter;
  readonly #meter: CallMeter;

  constructor(writer: TapeWriter, meter: CallMeter) {
    this.#writer = writer;
    this.#meter = meter;
  }

  get file(): string {
    return this.#writer.file;
  }

  get recordingId(): number {
    return this.#writer.recordingId;
  }

  get durable(): boolean {
    return this.#writer.durable;
  }

  get full(): boolean {
    return this.#writer.full;
  }

  get losing(): boolean {
    return this.#writer.losing;
  }

  get stats(): WriterStats {
    return this.#writer.stats;
  }

  begin(draft: CallDraft): void {
    this.#writer.begin(draft);
  }

  finish(draft: CallDraft, onKept?: OnKept): void {
    // The writer may take the draft apart.
    this.#meter.note(draft);
    this.#writer.finish(draft, onKept);
  }

  keep(draft: CallDraft, onKept: OnKept): void {
    this.#writer.keep(draft, onKept);
  }

  show(draft: CallDraft): void {
    this.#writer.show(draft);
  }

  message(draft: CallDraft, message: DraftMessage): void {
    this.#writer.message(draft, message);
  }

  spill(body: DraftBody): void {
    this.#writer.spill(body);
  }

  onceDrained(resume: () => void): void {
    this.#writer.onceDrained(resume);
  }

  listening(url: string): void {
    this.#writer.listening(url);
  }

  async flush(): Promise<void> {
    await this.#writer.flush();
  }

  async close(): Promise<void> {
    await this.#writer.close();
  }
}
