/**
 * What a field line means to a proxy. `hop`: removed wherever it appears (RFC 9110 section 7.6.1);
 * `ordinary`: passed on without a look; `addressed`: may name the place it came from.
 */
export type FieldKind =
  | 'ordinary'
  | 'hop'
  | 'connection'
  | 'keep-alive'
  | 'host'
  | 'content-length'
  | 'transfer-encoding'
  | 'trailer'
  | 'expect'
  | 'content-type'
  | 'content-disposition'
  | 'addressed';

interface KnownField {
  readonly name: string;
  readonly kind: FieldKind;
}

/** `http2-settings` goes with `Upgrade: h2c`, which is never passed on. */
const HOP_BY_HOP = [
  'te',
  'upgrade',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'http2-settings',
];

const SPECIAL: readonly FieldKind[] = [
  'connection',
  'keep-alive',
  'host',
  'content-length',
  'transfer-encoding',
  'trailer',
  'expect',
  'content-type',
  'content-disposition',
];

const ADDRESSED = ['location', 'content-location', 'link', 'set-cookie'];

function byLength(): readonly KnownField[][] {
  const known: KnownField[] = [
    ...HOP_BY_HOP.map((name): KnownField => ({ name, kind: 'hop' })),
    ...SPECIAL.map((kind): KnownField => ({ name: kind, kind })),
    ...ADDRESSED.map((name): KnownField => ({ name, kind: 'addressed' })),
  ];
  const longest = Math.max(...known.map((field) => field.name.length));
  return Array.from({ length: longest + 1 }, (_, length) =>
    known.filter((field) => field.name.length === length),
  );
}

/** Most names are told apart by their length alone, without lower-casing them. */
const KNOWN_BY_LENGTH = byLength();

export function fieldKind(name: string): FieldKind {
  const candidates = KNOWN_BY_LENGTH[name.length];
  if (candidates === undefined || candidates.length === 0) return 'ordinary';
  const lower = name.toLowerCase();
  for (const candidate of candidates) if (candidate.name === lower) return candidate.kind;
  return 'ordinary';
}
