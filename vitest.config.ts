import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests have a redaction key of their own and leave the user's alone.
const CALLTAPE_HOME = fileURLToPath(
  new URL('./node_modules/.cache/calltape-home', import.meta.url),
);

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['packages/*/test/**/*.test.{ts,tsx}'] } },
      { test: { name: 'stories', include: ['test/**/*.test.ts'], testTimeout: 60_000 } },
    ],
    env: { CALLTAPE_HOME },
    // Many tests wait for other processes, for retries or for the clock: with as many as there are cores
    // (the default is one less) these would often be idle.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
