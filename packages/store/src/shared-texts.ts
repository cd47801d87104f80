/** More different ones are no longer the few that all calls share. */
const MOST_TEXTS = 4096;

/** Makes equal texts one: SQLite hands out a new one for each row, and most columns have few. */
export class SharedTexts {
  readonly #known = new Map<string, string>();

  one(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= MOST_TEXTS) this.#known.clear();
    this.#known.set(text, text);
    return text;
  }
}
