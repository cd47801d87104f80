import {
  exportOpenApi,
  exportSchema,
  Lessons,
  mutationsOf,
  treeOf,
  type EndpointLessons,
  type Mutation,
  type TreeLine,
} from '@calltape/drift';
import { visible } from '@calltape/store';
import type { Config } from '../config-file.ts';
import { CliError } from '../errors.ts';
import { harmlessJson, jsonLine, type Output } from '../output.ts';
import { textTable, type Column } from '../text-table.ts';
import { counted } from '../units.ts';
import { filled, type Asked } from './compared.ts';
import { endpointsOfSides, learnSide } from './learn-sides.ts';
import { openSide, sideOf } from './side.ts';

/** How what was learned of an endpoint is shown. */
export type ShownAs = 'tree' | 'schema' | 'openapi';

/** Prints what was learned of the endpoints that have all of the words in their method or place. */
export async function showEndpoints(
  words: readonly string[],
  shownAs: ShownAs,
  asked: Asked,
  config: Config,
  output: Output,
): Promise<void> {
  const found = await endpointsWith(words, asked, config);
  if (shownAs === 'tree' && !output.json) {
    await output.data(found.map(endpointText).join('\n'));
  } else if (shownAs === 'openapi') {
    await output.data(`${harmlessJson(JSON.stringify(openApiOf(found), null, 2))}\n`);
  } else if (shownAs === 'schema') {
    await output.data(`${harmlessJson(JSON.stringify(schemaOf(one(found)), null, 2))}\n`);
  } else await output.data(jsonLine({ endpoints: found.map(endpointJson) }));
}

const COLUMNS: readonly Column<Mutation>[] = [
  { title: 'WEIGHT', align: 'right', cell: ({ weight }) => weight.toFixed(2) },
  { title: 'KIND', align: 'left', cell: ({ kind }) => kind },
  { title: 'STATUS', align: 'right', cell: ({ status }) => String(status) },
  { title: 'PLACE', align: 'left', cell: ({ location }) => visible(location) },
  { title: 'WHY', align: 'left', cell: ({ reason }) => visible(reason) },
];

/** Prints the changes that clients of an endpoint have never seen, the likeliest to matter first. */
export async function showMutations(
  words: readonly string[],
  asked: Asked,
  config: Config,
  output: Output,
): Promise<void> {
  const lessons = one(await endpointsWith(words, asked, config));
  const mutations = mutationsOf(lessons);
  const { method, origin, template } = lessons.endpoint;
  await output.data(
    output.json
      ? jsonLine({
          method,
          origin,
          path_template: template,
          mutations: mutations.map(mutationJson),
        })
      : textTable(mutations, COLUMNS, output),
  );
}

function mutationJson({ mediaType, ...mutation }: Mutation): unknown {
  return { ...mutation, media_type: mediaType };
}

async function endpointsWith(
  words: readonly string[],
  { live, tape }: Asked,
  { rules }: Config,
): Promise<readonly EndpointLessons[]> {
  const side =
    live === undefined ? openSide(tape, tape, () => ({})) : await sideOf(live, tape, Date.now());
  try {
    const { lessons } = filled(side, learnSide(side, endpointsOfSides([side], rules)));
    const found = lessons.endpoints().filter(({ endpoint: { method, origin, template } }) => {
      const text = `${method} ${origin}${template}`.toLowerCase();
      return words.every((word) => word.split(' ').every((part) => isIn(text, part)));
    });
    const exact = found.filter(({ endpoint: { method, template } }) =>
      [template, `${method} ${template}`].includes(words.join(' ')),
    );
    if (found.length > 0) return exact.length > 0 ? exact : found;
  } finally {
    side.close();
  }
  throw new CliError(
    'ARGUMENT_INVALID',
    `There is no endpoint with "${visible(words.join(' '))}" in ${side.name}: calltape endpoints lists them.`,
  );
}

function isIn(text: string, word: string): boolean {
  return text.includes(word.toLowerCase());
}

function one(found: readonly EndpointLessons[]): EndpointLessons {
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const names = found.slice(0, 5).map(({ endpoint }) => `${endpoint.method} ${endpoint.template}`);
  throw new CliError(
    'ARGUMENT_INVALID',
    `${counted(found.length, 'endpoint')} have that in their names: ${visible(names.join(', '))}. Name one of them.`,
  );
}

interface Bodies {
  readonly title: string;
  readonly type: string;
  readonly root: Parameters<typeof treeOf>[0];
  readonly count: number;
}

/** All bodies of an endpoint that something was learned from, those of answers by their status. */
function bodiesOf({ requests, responses }: EndpointLessons): Bodies[] {
  const sorted = [...responses].toSorted(([a], [b]) => a - b);
  const messages = [['request', requests] as const, ...sorted];
  return messages.flatMap(([title, { bodies }]) =>
    [...bodies].map(([type, { root, bodies: seen }]) => ({
      title: String(title),
      type,
      root,
      count: seen.count,
    })),
  );
}

function endpointText(lessons: EndpointLessons): string {
  const { method, origin, template } = lessons.endpoint;
  const statuses = [...lessons.responses]
    .toSorted(([a], [b]) => a - b)
    .map(([status, { calls }]) => `${calls.count} x ${status}`);
  const head = `${visible(`${method} ${origin}${template}`)}: ${counted(lessons.calls.count, 'call')}`;
  const trees = bodiesOf(lessons).map(
    ({ title, type, root, count }) =>
      `${title} ${visible(type)}: ${counted(count, 'body').replace(/bodys$/, 'bodies')}\n` +
      treeOf(root).map(treeText).join(''),
  );
  return [`${head}, ${statuses.join(', ')}\n`, ...trees].join('');
}

function treeText({ depth, name, types, present, of, nulls, more }: TreeLine): string {
  const count = `${present} of ${of}${nulls > 0 ? `, null in ${nulls}` : ''}`;
  const words = [name, types, more === '' ? '' : `(${more})`].filter((word) => word !== '');
  return `${'  '.repeat(depth + 1)}${visible(words.join(' '))}  ${count}\n`;
}

function endpointJson(lessons: EndpointLessons): unknown {
  const { method, origin, template } = lessons.endpoint;
  return {
    method,
    origin,
    path_template: template,
    calls: lessons.calls.count,
    statuses: Object.fromEntries(
      [...lessons.responses].map(([code, { calls }]) => [code, calls.count]),
    ),
    bodies: bodiesOf(lessons).map(({ title, type, root, count }) => ({
      of: title,
      media_type: type,
      count,
      places: treeOf(root),
    })),
  };
}

/** The schema of the commonest good answer; those of all other bodies are its definitions. */
function schemaOf(lessons: EndpointLessons): unknown {
  const { method, template } = lessons.endpoint;
  const all = bodiesOf(lessons);
  const [main] = all
    .filter(({ title }) => title.startsWith('2'))
    .toSorted((a, b) => b.count - a.count);
  const others = all.filter((bodies) => bodies !== main);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `${method} ${template} ${main?.title ?? ''}`.trimEnd(),
    ...(main === undefined ? {} : exportSchema(main.root)),
    ...(others.length === 0
      ? {}
      : {
          $defs: Object.fromEntries(
            others.map(({ title, type, root }) => [`${title} ${type}`, exportSchema(root)]),
          ),
        }),
  };
}

function openApiOf(found: readonly EndpointLessons[]): unknown {
  const origins = [...new Set(found.map(({ endpoint }) => endpoint.origin))];
  const [origin = ''] = origins;
  if (origins.length > 1) {
    throw new CliError(
      'ARGUMENT_INVALID',
      `A description is of one API, and these endpoints are at ${visible(origins.join(', '))}. Name one of them.`,
    );
  }
  const lessons = new Lessons();
  for (const endpoint of found) lessons.mergeEndpoint(endpoint);
  return exportOpenApi(lessons, origin);
}
