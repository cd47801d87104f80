const STATEMENT =
  /^\s*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gm;
const DYNAMIC = /\bimport\(\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>\s*\)/g;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** What a module imports or re-exports, type-only and dynamic imports included. */
export function importSpecifiers(source: string): string[] {
  const code = source.replace(COMMENT, '');
  const found = [STATEMENT, DYNAMIC].flatMap((pattern) => [...code.matchAll(pattern)]);
  return found.flatMap((match) => match.groups?.['specifier'] ?? []);
}
