import { expect, it } from 'vitest';
import { FAULT_PROFILES, MockError, parseFault, parseFaultFile } from '@calltape/mock';

async function textsOf(file: string): Promise<string[]> {
  return (await parseFaultFile(file, 'f.yaml')).map(({ text }) => text);
}

async function refusal(file: string): Promise<string> {
  try {
    await parseFaultFile(file, 'f.yaml');
  } catch (error) {
    if (error instanceof MockError && error.code === 'FAULT_INVALID') return error.message;
  }
  throw new Error('not refused');
}

const PARTS = {
  method: 'POST',
  path: '/v1/charges',
  'retry-after': 1,
  status: 429,
  first: 2,
};

it('reads rules as texts and as parts, from YAML and JSON', async () => {
  const yaml = `
# what the payments API does on a bad day
- GET /v1/** latency=lognormal(200ms, 0.5) p=0.1
- method: POST
  path: /v1/charges
  retry-after: 1
  status: 429
  first: 2
- { path: api.stripe.com/**, reset: true, p: 0.05 }
`;
  const texts = [
    'GET /v1/** latency=lognormal(200ms, 0.5) p=0.1',
    'POST /v1/charges status=429 retry-after=1 first=2',
    '* api.stripe.com/** reset p=0.05',
  ];
  expect(await textsOf(yaml)).toEqual(texts);
  const json = JSON.stringify([
    texts[0],
    PARTS,
    { path: 'api.stripe.com/**', reset: true, p: 0.05 },
  ]);
  expect(await textsOf(json)).toEqual(texts);
  expect(await textsOf(`{"rules": ${json}}`)).toEqual(texts);
  expect(await textsOf('rules: []')).toEqual([]);
});

it.each([
  ['- GET /a reset\n- GET /a stauts=503\n', 'f.yaml, line 2 (/1)', 'did you mean status?'],
  ['rules:\n  - path: /a\n    status: 99\n', 'line 2 (/rules/0)', '200 to 599'],
  ['[{"path": "/a", "reset": true,\n "p": [1]}]', 'line 2 (/0/p)', 'a text or a number'],
  ['[{"path": "/a", "reset": true,\n "p": 0.1, "p": 0.2}]', 'line 2', 'unique'],
  ['- path: /a\n', 'line 1 (/0)', 'The kinds are latency'],
  ['- path: /a\n  reset: true\n  timeout: true\n', 'line 1 (/0)', 'Part it into 2 rules'],
  ['- reset: true\n', 'line 1 (/0)', 'has a path'],
  ['- path: /a b\n  reset: true\n', 'line 1 (/0/path)', 'white space'],
  ['- 17\n', 'line 1 (/0)', 'A file of rules is a list'],
  ['GET /a reset\n', 'line 1 (the whole)', 'A file of rules is a list'],
  ['', 'line 1 (the whole)', 'A file of rules is a list'],
  ['rules: 1\n', 'line 1 (/rules)', 'A file of rules is a list'],
  ['- a: [1\n', 'line', 'f.yaml'],
  [`[${'"GET /a reset",'.repeat(1_001)}"GET /a reset"]`, '(the whole)', 'over 1000 rules'],
])('refuses %j, saying where', async (file, where, advice) => {
  const message = await refusal(file);
  expect(message).toContain('Failed to read the fault rules in f.yaml');
  expect(message).toContain(where);
  expect(message).toContain(advice);
});

/** A list that names another twenty times. */
function level(name: string, of: string): string {
  return `- &${name} [${Array(20).fill(`*${of}`).join(',')}]\n`;
}

it('does not unfold a file of aliases without end', async () => {
  const bomb = `- &a x\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}${level('e', 'd')}`;
  await expect(parseFaultFile(bomb, 'f.yaml')).rejects.toThrow();
});

it('has profiles of rules that can be read', () => {
  for (const rules of Object.values(FAULT_PROFILES)) {
    expect(rules.length).toBeGreaterThan(0);
    for (const rule of rules) expect(parseFault(rule).text).toBe(rule);
  }
});
