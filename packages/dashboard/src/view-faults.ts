import { truncate, wrap } from './cells.ts';
import { count } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { gap, type Line, selected, span } from './line.ts';
import type { MockNow, MockRule } from './mock-control.ts';
import type { MockView } from './mock-desk.ts';
import { ruleIndex } from './rule-index.ts';
import { join, repeat, safe, type Safe, show } from './safe.ts';
import { type Drawn, fill, type Scene, topOf } from './scene.ts';
import { current } from './state.ts';
import { type Column, layOut, rowLine, titleLine } from './table.ts';

/** Lines of rules there are at least, before misses get any. */
const LEAST_RULES = 6;

/** Lines of a sentence from the mock. */
const MOST_LINES = 3;

const HOW: readonly Safe[] = [
  safe`To switch faults here, start one with --served and --control-port 0:`,
  safe`calltape mock calls.tape --served served.tape --control-port 0`,
  safe`and watch the tape that it writes: calltape dashboard --tape served.tape`,
];

const WHY: Readonly<Record<Exclude<MockView['kind'], 'here'>, Safe>> = {
  asking: safe`Looking for the mock that writes this tape.`,
  none: safe`No mock with a control API writes this tape.`,
  gone: safe`The mock that wrote this tape has ended.`,
};

function columnsFor({ more }: Glyphs): Column<MockRule>[] {
  return [
    {
      title: safe`ON`,
      width: 3,
      align: 'left',
      keep: 5,
      cell: ({ on }) => (on ? span(safe`[x]`, 'injected') : span(safe`[ ]`)),
    },
    { title: safe`ID`, width: 3, align: 'right', keep: 1, cell: ({ id }) => span(safe`${id}`) },
    {
      title: safe`SEEN`,
      width: 6,
      align: 'right',
      keep: 2,
      cell: ({ seen }) => span(count(seen)),
    },
    {
      title: safe`STRUCK`,
      width: 6,
      align: 'right',
      keep: 3,
      cell: ({ fired }) => span(count(fired)),
    },
    {
      title: safe`RULE`,
      width: 20,
      align: 'left',
      grow: 1,
      keep: 6,
      cell: ({ text }, width) => span(truncate(show(text), width, more)),
    },
  ];
}

function inForce({ rules }: MockNow): Safe {
  const on = rules.filter((rule) => rule.on).length;
  if (rules.length === 0) return safe`no rule`;
  return on === 0 ? safe`all rules off` : safe`${on} of ${rules.length} rules on`;
}

function headLine(now: MockNow, { glyphs }: Scene): Line {
  const isOn = now.rules.some(({ on }) => on);
  const profile = now.profile === null ? safe`no profile` : safe`profile ${show(now.profile)}`;
  return [
    span(safe` FAULTS `, 'title'),
    span(safe` ${isOn ? glyphs.fault : glyphs.none} ${inForce(now)}`, isOn ? 'injected' : 'plain'),
    span(safe`   ${profile}   seed ${now.seed}`),
  ];
}

/** A sentence with what to do at its end, which has to be seen. */
function refusalLines(text: string, columns: number, { clientError, more }: Glyphs): Line[] {
  const all = truncate(show(text), (columns - 5) * MOST_LINES, more);
  return wrap(all, columns - 5).map((piece, at) => {
    return [span(safe` ${at === 0 ? clientError : safe` `} ${piece} `, 'banner')];
  });
}

/** What is wrong, or what came of the last key, in one line; nothing where there is nothing to say. */
function wordLines({ trouble, said, isBusy }: MockView, { columns, glyphs }: Scene): Line[] {
  if (trouble !== null) return refusalLines(trouble, columns, glyphs);
  if (isBusy) return [[span(safe` ${glyphs.pending} telling the mock`)]];
  if (said === null) return [];
  const text = truncate(show(said.text), columns - 4, glyphs.more);
  if (said.isRefusal) return refusalLines(said.text, columns, glyphs);
  return [[span(safe` ${glyphs.ok} ${text}`, 'ok')]];
}

function caption(text: Safe, { columns, glyphs }: Scene): Line {
  const across = glyphs.box.across;
  return [span(join([safe`${across} ${text} `, repeat(across, columns)]), 'frame')];
}

function missLines({ missed, misses }: MockNow, scene: Scene, room: number): Line[] {
  if (missed === 0 || room < 2) return [];
  const { columns, glyphs } = scene;
  const shown = misses.slice(-(room - 1)).map(({ count: times, message }) => {
    const often = count(times);
    return [
      span(safe` ${often} `),
      span(truncate(show(message), columns - 2 - often.length, glyphs.more)),
    ];
  });
  return [
    caption(safe`MISSED ${count(missed)}, in the order of their first coming`, scene),
    ...shown,
  ];
}

function ruleLines({ rules }: MockNow, scene: Scene, page: number): Line[] {
  if (rules.length === 0)
    return [[], [span(safe`   No fault rule. n adds one, P takes a profile.`)]];
  const { place } = current(scene.state);
  const at = ruleIndex(place, rules);
  const top = topOf(at, place.name === 'faults' ? place.row : 0, rules.length, page);
  const visible = rules.slice(top, top + page);
  const laidOut = layOut(columnsFor(scene.glyphs), visible, scene.columns - 2);
  const line = (rule: MockRule): Line =>
    rule === rules[at]
      ? selected([span(scene.glyphs.selected), ...rowLine(laidOut, rule), gap(scene.columns)])
      : [gap(1), ...rowLine(laidOut, rule)];
  return [[gap(1), ...titleLine(laidOut)], ...visible.map(line)];
}

function emptyView({ kind }: MockView, height: number): Drawn {
  const why = kind === 'here' ? WHY.asking : WHY[kind];
  const how = kind === 'none' || kind === 'gone' ? HOW.map((text) => [span(safe`   ${text}`)]) : [];
  const lines = [[], [span(safe`   ${why}`, 'strong')], [], ...how];
  return { lines: fill(lines, height), page: 1, length: 0 };
}

/** The fault rules of the mock whose answers are watched, and what it had no recording for. */
export function faultsView(scene: Scene, height: number): Drawn {
  const { mock } = scene;
  if (mock.now === null) {
    const words = wordLines(mock, scene);
    const empty = emptyView(mock, height - words.length);
    return { ...empty, lines: [...words, ...empty.lines] };
  }
  const above = [headLine(mock.now, scene), ...wordLines(mock, scene)];
  const room = height - above.length;
  const wanted = Math.max(LEAST_RULES, mock.now.rules.length + 1);
  const missRoom = Math.min(
    mock.now.misses.length + 1,
    room - Math.min(wanted, Math.ceil(room / 2)),
  );
  const misses = missLines(mock.now, scene, missRoom);
  const page = Math.max(1, room - misses.length - 1);
  const rules = fill(ruleLines(mock.now, scene, page), room - misses.length);
  return { lines: [...above, ...rules, ...misses], page, length: mock.now.rules.length };
}
