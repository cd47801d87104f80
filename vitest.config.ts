import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['packages/*/test/**/*.test.{ts,tsx}'] } },
      { test: { name: 'stories', include: ['test/**/*.test.ts'], testTimeout: 60_000 } },
    ],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
