import { beforeAll, describe, expect, test } from 'vitest';
import { keysOf, type InkKey } from '../src/key-event.ts';
import { actionOf, BINDINGS } from '../src/keys.ts';
import { calls, tapeOf } from './tapes.ts';
import { User } from './user.ts';

let file: string;

beforeAll(async () => {
  file = await tapeOf(
    calls(60, (n) => ({
      url: `https://${n < 40 ? 'one' : 'two'}.test/v1/${n % 2 === 0 ? 'even' : 'odd'}?n=${n}`,
      status: n === 7 ? 500 : 200,
      durationMs: 100 + n,
    })),
  );
});

/** The number in the query of the selected call. */
function at(user: User): number {
  return Number(/\?n=(\d+)/.exec(user.selected)?.[1]);
}

describe('the list of calls', () => {
  test('follows the newest call until the selection moves', () => {
    const user = new User({ file }).press('2');
    expect(at(user)).toBe(59);
    expect(user.look()).toContain('following');
    expect(at(user.press('k'))).toBe(58);
    expect(user.look()).not.toContain('following');
    expect(at(user.press('up', 'k'))).toBe(56);
    expect(at(user.press('j', 'down'))).toBe(58);
  });

  test('moves by pages and to both ends, and no further', () => {
    const user = new User({ file }).press('2', 'g');
    expect(at(user)).toBe(0);
    expect(at(user.press('k'))).toBe(0);
    expect(at(user.press('pagedown'))).toBe(20);
    expect(at(user.press('pageup', 'j'))).toBe(1);
    expect(at(user.press('G'))).toBe(59);
    expect(at(user.press('j'))).toBe(59);
  });

  test('F lets go of the newest call and takes it up again', () => {
    const user = new User({ file }).press('2', 'F');
    expect(at(user)).toBe(59);
    expect(user.look()).not.toContain('following');
    expect(at(user.press('g', 'F'))).toBe(59);
    expect(user.look()).toContain('following');
  });
});

describe('a call', () => {
  test('opens and closes, and the list is where it was', () => {
    const user = new User({ file }).press('2', 'g', 'j', 'j');
    const before = user.look();
    expect(user.press('enter').look()).toContain('GET https://one.test/v1/even?n=2');
    expect(user.press('escape').look()).toBe(before);
    expect(user.press('enter', 'q').look()).toBe(before);
  });

  test('n and N go through the list, and the list goes along', () => {
    const user = new User({ file }).press('2', 'g', 'enter', 'n', 'n', 'n', 'N');
    expect(user.look()).toContain('n=2 ');
    expect(at(user.press('escape'))).toBe(2);
    expect(user.press('g', 'enter', 'N').look()).toContain('n=0 ');
  });

  test('Tab goes through its parts, Shift-Tab back', () => {
    const user = new User({ file }).press('2', 'enter');
    user.lines(80, 15);
    const top = (): string => user.lines()[2]?.trim() ?? '';
    expect(top()).toMatch(/^call 60/);
    expect(user.press('tab').lines()[2]).toContain('TIMING');
    expect(user.press('tab').lines()[2]).toContain('REQUEST HEADERS');
    user.press('shift-tab');
    expect(top()).toMatch(/^TIMING/);
    expect(user.press('G').look()).toContain('"ok": true');
    expect(user.press('tab').lines()[2]).toMatch(/call 60/);
  });
});

describe('the overview', () => {
  test('the first press selects the first endpoint, Escape none', () => {
    const user = new User({ file }).press('j');
    expect(user.selected).toContain('one.test/v1/');
    expect(user.press('escape').selected).toBe('');
    expect(user.session.ended).toBe(false);
  });

  test('Enter lists exactly the calls of the endpoint', () => {
    const user = new User({ file }).press('s', 's', 'j', 'enter');
    expect(user.look()).toContain('filter ep="GET https://two.test/v1/odd"');
    expect(user.look()).toContain('10 of 60 calls');
    expect(at(user)).toBe(59);
    expect(user.press('escape').look()).toContain('ENDPOINTS 4');
  });

  test('s sorts by calls, errors and p95', () => {
    const user = new User({ file });
    const first = (): string => user.lines().find((line) => line.includes('GET')) ?? '';
    expect(user.press('s').look()).toContain('by errors');
    expect(first()).toContain('one.test/v1/odd');
    expect(user.press('s').look()).toContain('by p95');
    expect(user.press('s').look()).toContain('by calls');
  });
});

describe('a filter', () => {
  test('holds on both screens, and Escape clears it', () => {
    const user = new User({ file }).press('/').type('status:5xx');
    expect(user.look()).toContain('/ status:5xx');
    expect(user.press('enter').look()).toContain('1 of 60 calls');
    expect(at(user.press('2'))).toBe(7);
    expect(user.press('escape').look()).not.toContain('of 60 calls');
    expect(user.session.picture.matching).toBe(60);
  });

  test('says what it means and what is wrong with it, and takes no wrong one', () => {
    const user = new User({ file }).press('/').type('ms>150');
    expect(user.look()).toMatch(/150/);
    user.type(' (').press('enter');
    expect(user.look()).toContain('/ ms>150 (');
    expect(user.look()).not.toContain('of 60 calls');
    expect(user.press('backspace', 'backspace', 'enter').look()).toContain('9 of 60 calls');
  });

  test('is left as it was by Escape', () => {
    const user = new User({ file }).press('/').type('host:two').press('enter', '/', 'escape');
    expect(user.look()).toContain('20 of 60 calls');
  });

  test('takes pasted text, which presses no keys elsewhere', () => {
    const user = new User({ file });
    expect(user.session.paste('q')).toBe(false);
    expect(user.session.ended).toBe(false);
    user.press('/');
    expect(user.session.paste('host:two\nms>1')).toBe(true);
    expect(user.press('enter').look()).toContain('filter host:two ms>1');
  });

  test('that nothing matches shows the way out', () => {
    const user = new User({ file }).press('/').type('host:nowhere').press('enter');
    expect(user.look()).toContain('No call matches. Esc clears the filter.');
    expect(user.press('j', 'k', 'enter', 'g', 'G', 'F').look()).toContain('0 of 60 calls');
  });
});

describe('going back', () => {
  test('goes from help to call to list to overview, then quits', () => {
    const user = new User({ file }).press('j', 'enter', 'enter', '?', 'q', 'q', 'q');
    expect(user.look()).toContain('ENDPOINTS');
    expect(user.session.ended).toBe(false);
    expect(user.press('q').session.ended).toBe(true);
  });

  test('ctrl-c quits from anywhere', () => {
    for (const keys of [[], ['2', 'enter'], ['/'], ['?']]) {
      expect(new User({ file }).press(...keys, 'ctrl-c').session.ended).toBe(true);
    }
  });
});

describe('help', () => {
  test.each([
    ['overview', []],
    ['calls', ['2']],
    ['detail', ['2', 'enter']],
  ] as const)('on %s names every key of that screen and no other', (screen, keys) => {
    const user = new User({ file }).press(...keys, '?');
    const lines = user.lines(100, 60).map((line) => line.trim());
    const end = lines.indexOf('SIGNS');
    const listed = lines.slice(lines.indexOf('KEYS') + 1, end - 1);
    const bound = BINDINGS.filter(({ screens }) => screens.includes(screen));
    expect(listed).toEqual(bound.map(({ label, help }) => `${label.padEnd(10)}${help}`.trim()));
  });

  test('is whole in the narrowest terminal too', () => {
    const user = new User({ file }).press('?');
    const trimmed = (columns: number): string[] =>
      user
        .lines(columns, 60)
        .slice(1, -1)
        .map((line) => line.trimEnd());
    expect(trimmed(60)).toEqual(trimmed(200));
  });

  test('no key has two meanings on one screen', () => {
    for (const screen of ['overview', 'calls', 'detail', 'help'] as const) {
      const keys = BINDINGS.filter(({ screens }) => screens.includes(screen)).flatMap(
        (binding) => binding.keys,
      );
      expect(keys).toEqual([...new Set(keys)]);
      expect(keys.map((key) => actionOf(key, screen))).not.toContain(undefined);
    }
  });
});

describe('a key event', () => {
  const none: InkKey = {
    upArrow: false,
    downArrow: false,
    leftArrow: false,
    rightArrow: false,
    pageDown: false,
    pageUp: false,
    home: false,
    end: false,
    return: false,
    escape: false,
    tab: false,
    backspace: false,
    delete: false,
    shift: false,
    ctrl: false,
    meta: false,
  };

  const names = (input: string): string[] => keysOf(input, none).map(({ name }) => name);

  test('of several characters is that many keys', () => {
    expect(names('jjj')).toEqual(['j', 'j', 'j']);
    expect(names('2/é\r')).toEqual(['2', '/', 'é', 'enter']);
    expect(names('a\u0003')).toEqual(['a', 'ctrl-c']);
  });

  test('has one name for each key', () => {
    expect(keysOf('', { ...none, pageDown: true })).toEqual([{ name: 'pagedown', text: '' }]);
    expect(keysOf('', { ...none, tab: true, shift: true })).toEqual([
      { name: 'shift-tab', text: '' },
    ]);
    expect(keysOf('C', { ...none, ctrl: true })).toEqual([{ name: 'ctrl-c', text: '' }]);
    expect(keysOf('x', { ...none, meta: true })).toEqual([]);
    expect(keysOf('x', { ...none, eventType: 'release' })).toEqual([]);
  });
});
