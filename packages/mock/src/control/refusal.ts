/** Why a request to one of calltape's own small servers is refused. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** Stays the same from version to version. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
