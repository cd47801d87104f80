/**
 * NODE_OPTIONS with the preload in front of what the user has there. `--require` and not `--import`:
 * a Node.js that is too old for an option in NODE_OPTIONS does not start at all.
 */
export function nodeOptions(own: string, preloadFile: string): string {
  const option = `--require=${quoted(preloadFile)}`;
  if (own.includes(option)) return own;
  return own.trim() === '' ? option : `${option} ${own}`;
}

/** Node.js splits NODE_OPTIONS at spaces outside quotes; within them a backslash escapes. */
function quoted(path: string): string {
  return /[\s"]/.test(path) ? `"${path.replace(/["\\]/g, String.raw`\$&`)}"` : path;
}
