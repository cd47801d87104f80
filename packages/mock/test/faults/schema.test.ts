import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeBody } from '@calltape/store';
import type { Plan } from '../../src/step.ts';
import {
  altered,
  contentOf,
  fieldsOf,
  fixed,
  head,
  learnedFrom,
  stream,
  words,
} from './plan-words.ts';

const CHARGE =
  '{ "id": 12345678901234567890, "amount": 1.10,\n  "paid": true, "status": "open", "tags": ["a", "b"],' +
  ' "customer": {"name": "Zo\u00eb", "created_at": "2026-01-02T03:04:05Z"}, "note": null }';

function changed(fault: string, text = CHARGE): string {
  const plan = altered(fault, fixed(text, 'Content-Type', 'application/json'));
  const length = fieldsOf(plan)[fieldsOf(plan).indexOf('Content-Length') + 1];
  if (plan[0]?.kind === 'head' && fieldsOf(plan).includes('x-calltape-fault')) {
    expect(length).toBe(String(Buffer.byteLength(contentOf(plan))));
  }
  return contentOf(plan);
}

it.each([
  ['drop-field=/amount', '"amount": 1.10,\n  ', ''],
  ['drop-field=/note', ', "note": null', ''],
  ['drop-field=/customer/name', '"name": "Zo\u00eb", ', ''],
  ['null-field=/customer', '{"name": "Zo\u00eb", "created_at": "2026-01-02T03:04:05Z"}', 'null'],
  ['retype-field=/id:string', '12345678901234567890', '"12345678901234567890"'],
  ['retype-field=/amount', '1.10', '"1.10"'],
  ['retype-field=/paid', 'true', '"true"'],
  ['retype-field=/paid:number', 'true', '1'],
  ['retype-field=/customer/created_at', '"2026-01-02T03:04:05Z"', '1767323045'],
  ['retype-field=/tags:object', '["a", "b"]', '{"value":["a", "b"]}'],
  ['rename-field=/amount:total', '"amount"', '"total"'],
  ['rename-field=/customer/created_at', '"created_at"', '"createdAt"'],
  ['extra-field=/id:added_at', '"id"', '"added_at":"added","id"'],
  ['new-enum=/status:on hold'.replace(' ', '-'), '"open"', '"on-hold"'],
  ['empty-array=/tags', '["a", "b"]', '[]'],
])('%s alters that and nothing else', (fault, from, to) => {
  expect(changed(fault)).toBe(CHARGE.replace(from, to));
});

it.each([
  'drop-field=/nothing',
  'drop-field=/tags/0',
  'null-field=/note',
  'retype-field=/amount:number',
  'rename-field=/amount:status',
  'extra-field=/id:amount',
  'new-enum=/amount:x',
  'empty-array=/id',
])('%s finds nothing to alter', (fault) => {
  expect(changed(fault)).toBe(CHARGE);
});

it('alters every item for a star', () => {
  const text = '{"data":[{"id":1},{"id":2},{"no":3}]}';
  expect(changed('retype-field=/data/*/id', text)).toBe(
    '{"data":[{"id":"1"},{"id":"2"},{"no":3}]}',
  );
  expect(changed('drop-field=/data/1/id', text)).toBe('{"data":[{"id":1},{},{"no":3}]}');
});

it('reads pointers as RFC 6901 has them, and takes the last of a name that is there twice', () => {
  expect(changed('null-field=/a~1b', '{"a/b":1}')).toBe('{"a/b":null}');
  expect(changed('null-field=/a', '{"a":1,"a":2}')).toBe('{"a":1,"a":null}');
  expect(changed('null-field=/__proto__', '{"__proto__":1}')).toBe('{"__proto__":null}');
});

it.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const)('alters content in %s and codes it again', (coding, encode) => {
  const fields = ['Content-Type', 'application/json', 'Content-Encoding', coding, 'ETag', '"1"'];
  const plan = altered('null-field=/amount', fixed(encode(Buffer.from(CHARGE)), ...fields));
  const bytes = Buffer.concat(plan.flatMap((step) => (step.kind === 'chunk' ? [step.bytes] : [])));
  expect(fieldsOf(plan)).toEqual([
    ...fields,
    'Content-Length',
    String(bytes.length),
    'x-calltape-fault',
    'GET /a null-field=/amount -> null-field=/amount',
  ]);
  const body = decodeBody({ bytes, size: bytes.length }, [['content-encoding', coding]]);
  expect(Buffer.from(body.bytes).toString()).toBe(CHARGE.replace('1.10', 'null'));
});

it('sends content with several codings plain, and leaves sums of the old content out', () => {
  const coded = gzipSync(brotliCompressSync(Buffer.from('{"a":1}')));
  const fields = ['Content-Encoding', 'br, gzip', 'Content-MD5', 'x', 'Repr-Digest', 'y'];
  const plan = altered('null-field=/a', fixed(coded, ...fields));
  expect(contentOf(plan)).toBe('{"a":null}');
  expect(fieldsOf(plan).slice(0, 2)).toEqual(['Content-Length', '10']);
});

it.each([
  ['text', fixed('just text')],
  ['damaged gzip', fixed(gzipSync('{"a":1}').subarray(0, 12), 'Content-Encoding', 'gzip')],
  ['bytes', fixed(Buffer.from([0x7b, 0xff, 0x7d]))],
  ['JSON that is cut', [...fixed('{"a":1').slice(0, 2), { kind: 'close' }]],
  ['JSON deeper than anyone nests', fixed(`${'['.repeat(9_000)}${']'.repeat(9_000)}`)],
  ["an answer of calltape's own", fixed('{"a":1}', 'x-calltape-error', 'NO_MATCH')],
  ['no content', [head('none')]],
  ['a failure', [{ kind: 'reset' }]],
] as const)('leaves %s alone', (_, plan: Plan) => {
  expect(altered('drift', plan)).toBe(plan);
  expect(altered('null-field=/a', plan)).toBe(plan);
});

it('alters event streams event by event and keeps their pieces', () => {
  const plan: Plan = [
    head('chunked', 'Content-Type', 'text/event-stream', 'Transfer-Encoding', 'chunked'),
    ...stream(
      'event: a\ndata: {"n":1,"w":"\u00e9"}\n\n',
      'data: [DONE]\n\ndata: {"n":2}\n\n',
    ).slice(1),
  ];
  const all = altered('retype-field=/n', plan);
  expect(words(all)).toBe(
    'head chunk:event: a\ndata: {"n":"1","w":"\u00e9"} chunk:data: [DONE]\n\ndata: {"n":"2"} end',
  );
});

it('alters JSON lines line by line', () => {
  const plan = fixed('{"a":1}\n{"b":2}\n{"a":3}\n', 'Content-Type', 'application/x-ndjson');
  expect(contentOf(altered('null-field=/a', plan))).toBe('{"a":null}\n{"b":2}\n{"a":null}\n');
});

/** What a rule without a place changes, over many seeds. */
function places(fault: string, text: string, learned = learnedFrom()): Set<string> {
  const plan = fixed(text, 'Content-Type', 'application/json');
  const notes = Array.from({ length: 200 }, (_, seed) => {
    const fields = fieldsOf(altered(fault, plan, seed, { learned: () => learned }));
    return fields.at(-2) === 'x-calltape-fault' ? String(fields.at(-1)?.split(' -> ')[1]) : '';
  });
  return new Set(notes);
}

function inVain(): never {
  throw new Error('learned in vain');
}

describe('where no place is named', () => {
  it('drops leaves, and what else is not always there', () => {
    const text = '{"a":1,"b":{"c":2},"d":[1]}';
    expect(places('drop-field', text)).toEqual(new Set(['drop-field=/a', 'drop-field=/b/c']));
    const learned = learnedFrom({ a: 1, b: {}, d: [] }, { a: 1, d: [] });
    expect(places('drop-field', text, learned)).toContain('drop-field=/b');
    expect(places('drop-field', text, learned)).not.toContain('drop-field=/d');
  });

  it('makes null what has been null, and leaves', () => {
    const learned = learnedFrom({ b: null }, { b: {} });
    expect(places('null-field', '{"a":1,"b":{}}', learned)).toEqual(
      new Set(['null-field=/a', 'null-field=/b']),
    );
  });

  it('gives another type to numbers, flags, digits and dates only', () => {
    const text = '{"n":1,"f":true,"d":"12","t":"2026-01-02","s":"word","o":{},"z":null}';
    expect(places('retype-field', text)).toEqual(
      new Set(['/n', '/f', '/d', '/t'].map((place) => `retype-field=${place}`)),
    );
  });

  it('has new words only where the recordings choose from a few', () => {
    const answers = Array.from({ length: 30 }, (_, n) => {
      return { name: `n${n}x`, title: ['Ann', 'Bob', 'Cy'][n % 3], state: ['open', 'shut'][n % 2] };
    });
    const text = '{"name":"nx","title":"Ann","state":"open","id":"ch_1"}';
    const learned = learnedFrom(
      ...answers.map((answer) => ({ ...answer, id: `ch_${Math.random()}` })),
    );
    const found = places('new-enum', text, learned);
    expect(found).toEqual(new Set(['new-enum=/title', 'new-enum=/state']));
  });

  it('spells a new word as the others are, and never takes one that is known', () => {
    const learned = learnedFrom({ s: 'IN_TRANSIT' }, { s: 'UNDER_REVIEW' });
    for (let seed = 0; seed < 100; seed += 1) {
      const plan = altered('new-enum', fixed('{"s":"DONE"}'), seed, { learned: () => learned });
      const { s }: { s: string } = JSON.parse(contentOf(plan));
      expect(s).toMatch(/^[A-Z]+_[A-Z]+$/);
      expect(['DONE', 'IN_TRANSIT', 'UNDER_REVIEW']).not.toContain(s);
    }
  });

  it('drifts in every way over the seeds, and in one way with one seed', () => {
    const kinds = [...places('drift', CHARGE)].map((note) => note.split('=')[0]);
    expect(new Set(kinds)).toEqual(
      new Set([
        'drop-field',
        'null-field',
        'retype-field',
        'rename-field',
        'extra-field',
        'new-enum',
        'empty-array',
      ]),
    );
    expect(changed('drift')).toBe(changed('drift'));
  });

  it('learns nothing for an answer that it cannot alter', () => {
    expect(words(altered('drift', fixed('text'), 1, { learned: inVain }))).toBe(
      'head chunk:text end',
    );
  });
});
