import type { Family } from '@calltape/mock';
import { ownVersion } from '../version.ts';

const startedAtS = Math.round(Date.now() - process.uptime() * 1000) / 1000;

/** What there is to say of the program itself. */
export function programFamilies(): Family[] {
  return [
    {
      kind: 'gauge',
      name: 'calltape_info',
      help: 'Always 1; the label is the version.',
      samples: [{ labels: [['version', ownVersion()]], value: 1 }],
    },
    {
      kind: 'gauge',
      name: 'calltape_start_time_seconds',
      help: 'When the program started, seconds since the Unix epoch.',
      samples: [{ labels: [], value: startedAtS }],
    },
    {
      kind: 'gauge',
      name: 'calltape_memory_bytes',
      help: 'Resident memory of the program.',
      samples: [{ labels: [], value: process.memoryUsage.rss() }],
    },
  ];
}
