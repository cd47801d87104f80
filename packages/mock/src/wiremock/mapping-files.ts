import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Description, DescriptionOptions } from '../described.ts';
import { jsonOf, sourceText } from '../source-text.ts';
import { SourceNode } from '../source-node.ts';
import type { SourceFile } from '../source-node.ts';
import type { BodyFile } from './response.ts';
import { readMapping } from './mapping.ts';
import type { Mapping } from './mapping.ts';
import { Stubs } from './stubs.ts';

const FORMAT = 'WireMock mapping';
/** WireMock's own names for its two folders. */
const MAPPINGS = 'mappings';
const FILES = '__files';

function sourceOf(file: string): SourceFile {
  return { file, format: FORMAT, code: 'WIREMOCK_INVALID' };
}

/** The JSON files below a folder, in the order of their names. */
function jsonFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

/** `__files` beside the `mappings` folder that the mapping is in, or beside the mapping itself. */
function filesFolder(mapping: string): string {
  const folder = dirname(resolve(mapping));
  const at = folder.split(sep).lastIndexOf(MAPPINGS);
  return at === -1
    ? join(folder, FILES)
    : join(folder.split(sep).slice(0, at).join(sep) || sep, FILES);
}

function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== '' && !way.startsWith('..') && resolve(folder, way) === file;
}

function bodyFileOf(mapping: string): BodyFile {
  const folder = filesFolder(mapping);
  return (node) => {
    const name = node.text() ?? '';
    const path = join(folder, name);
    try {
      // Also what a link leads to has to be inside.
      if (isInside(folder, path) && isInside(realpathSync(folder), realpathSync(path))) {
        return readFileSync(path);
      }
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return node.fail(
        `names "${name}", which cannot be read (${reason})`,
        `Put it into ${folder}`,
      );
    }
    return node.fail(`names "${name}", which is outside of ${folder}`, 'Put the file into it');
  };
}

/** The mappings of a document: one, or several under `mappings`. */
function mappingNodes(root: SourceNode): SourceNode[] {
  const list = root.object().get(MAPPINGS);
  return list.absent ? [root] : list.items();
}

function mappingsIn(file: string, value: unknown, warn: (warning: string) => void): Mapping[] {
  const fileBytes = bodyFileOf(file);
  return mappingNodes(new SourceNode(sourceOf(file), value)).flatMap(
    (node) => readMapping(node, fileBytes, warn) ?? [],
  );
}

/** The description in a file of mappings. @throws MockError WIREMOCK_INVALID. */
export function stubsOfFile(
  file: string,
  value: unknown,
  options: DescriptionOptions,
  warn: (warning: string) => void,
): Description {
  return new Stubs(mappingsIn(file, value, warn), options);
}

/**
 * The description in a folder of WireMock: one with `mappings`, or that itself.
 *
 * @throws MockError WIREMOCK_INVALID when a file in it is no mapping, or when there is none.
 */
export function stubsOfFolder(
  folder: string,
  options: DescriptionOptions,
  warn: (warning: string) => void,
): Description {
  const inner = join(folder, MAPPINGS);
  const hasInner = statSync(inner, { throwIfNoEntry: false })?.isDirectory() === true;
  const files = jsonFilesIn(hasInner ? inner : folder);
  if (files.length === 0) {
    new SourceNode(sourceOf(folder), undefined).fail(
      'has no mapping',
      'Name a folder with a folder mappings and JSON files in that',
    );
  }
  const mappings = files.flatMap((file) => {
    const source = sourceOf(file);
    return mappingsIn(file, jsonOf(sourceText(source), source), warn);
  });
  return new Stubs(mappings, options);
}
