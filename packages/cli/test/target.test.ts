import { expect, test } from 'vitest';
import { parseTarget } from '../src/target.ts';

const OWN = { host: '127.0.0.1', port: 4880 };

test.each([
  ['https://api.example.com', 'https://api.example.com/'],
  ['http://localhost:3000/v2', 'http://localhost:3000/v2'],
  ['HTTP://[::1]:3000', 'http://[::1]:3000/'],
])('%s can be recorded', (text, href) => {
  expect(parseTarget(text, OWN).href).toBe(href);
});

test.each([
  ['api.example.com', 'did you mean https://api.example.com?'],
  ['api.example.com:8443/v1', 'did you mean https://api.example.com:8443/v1?'],
  ['localhost:3000', 'did you mean http://localhost:3000?'],
  ['//api.example.com', 'did you mean https://api.example.com?'],
  ['two words', 'is not a URL'],
  ['', 'is not a URL'],
  ['https://', 'is not a URL'],
  ['ftp://api.example.com', 'only http: and https: are recorded'],
  ['https://api.example.com/?a=1', 'has a ? or # in it'],
  ['https://api.example.com/#a', 'has a ? or # in it'],
  ['http://localhost:4880', 'is where calltape itself is to listen'],
  ['http://[::1]:4880/a', 'is where calltape itself is to listen'],
])('%j is refused with what to do', (text, sentence) => {
  expect(() => parseTarget(text, OWN)).toThrow(sentence);
});

function refusePassword(): URL {
  return parseTarget('https://me:hunter2@api.example.com', OWN);
}

test('a password in front is refused without being repeated', () => {
  expect(refusePassword).toThrow('has a name or password in front');
  expect(refusePassword).not.toThrow('hunter2');
});
