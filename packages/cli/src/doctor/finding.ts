/** What doctor has found out about one thing. */
export interface Finding {
  /** Such as `node fetch` or `certificate`. */
  readonly subject: string;
  /** `problem` asks for something to be done; `note` and `skipped` do not. */
  readonly verdict: 'ok' | 'note' | 'problem' | 'skipped';
  /** What was seen, and for a problem what to do. */
  readonly message: string;
}

export function finding(verdict: Finding['verdict'], subject: string, message: string): Finding {
  return { subject, verdict, message };
}
