import { STATUS_CODES } from 'node:http';
import type { EndpointLessons } from './endpoint-lessons.ts';
import { exportSchema, type JsonSchema } from './export-schema.ts';
import type { Lessons } from './lessons.ts';
import type { MessageLessons } from './message-lessons.ts';

/** An OpenAPI 3.1 document of endpoints of one origin: what was learned of them, and no more. */
export function exportOpenApi(lessons: Lessons, origin: string): JsonSchema {
  const endpoints = lessons.endpoints().filter(({ endpoint }) => endpoint.origin === origin);
  const paths = Map.groupBy(endpoints, ({ endpoint }) => endpoint.template);
  return {
    openapi: '3.1.0',
    info: { title: `${origin.replace(/^[a-z]+:\/\//i, '')}, as recorded`, version: '1' },
    servers: [{ url: origin }],
    paths: Object.fromEntries(
      [...paths]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([template, all]) => [template, pathItem(template, all)]),
    ),
  };
}

function pathItem(template: string, endpoints: readonly EndpointLessons[]): JsonSchema {
  const names = [...template.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name);
  return {
    ...(names.length === 0
      ? {}
      : {
          parameters: names.map((name) => ({
            name,
            in: 'path',
            required: true,
            schema: { type: 'string' },
          })),
        }),
    ...Object.fromEntries(
      endpoints.map((lessons) => [lessons.endpoint.method.toLowerCase(), operation(lessons)]),
    ),
  };
}

function operation({ requests, responses }: EndpointLessons): JsonSchema {
  const sorted = [...responses].toSorted(([one], [other]) => one - other);
  return {
    ...(requests.mediaTypes.size === 0
      ? {}
      : { requestBody: { required: requests.empty.count === 0, content: contentOf(requests) } }),
    responses: Object.fromEntries(
      sorted.map(([status, answers]) => [
        status,
        {
          description: STATUS_CODES[status] ?? `Status ${status}`,
          ...(answers.mediaTypes.size === 0 ? {} : { content: contentOf(answers) }),
        },
      ]),
    ),
  };
}

function contentOf({ mediaTypes, bodies }: MessageLessons): JsonSchema {
  return Object.fromEntries(
    [...mediaTypes.keys()].toSorted().map((type) => {
      const known = bodies.get(type);
      const schema = known === undefined ? {} : exportSchema(known.root);
      return [type || 'application/octet-stream', { schema }];
    }),
  );
}
