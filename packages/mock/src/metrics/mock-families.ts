import type { OpenMock } from '../open-mock.ts';
import { single } from './family.ts';
import type { Family } from './family.ts';

/** What a mock has done, for a scraper. Labels have as many values as there are rules and results. */
export function mockFamilies(mock: OpenMock): Family[] {
  const { answered, lenient, missed, passed, faulted, unused } = mock.summary();
  const results = { hit: answered - lenient, lenient, miss: missed, passed };
  const durations = [...(mock.journal?.durations ?? [])];
  return [
    {
      kind: 'counter',
      name: 'calltape_mock_calls',
      help: 'Calls by how an answer was found: hit, lenient, miss, passed.',
      samples: Object.entries(results).map(([result, value]) => {
        return { labels: [['result', result]], value };
      }),
    },
    {
      kind: 'counter',
      name: 'calltape_mock_answers',
      help: 'Answers that have ended, by how they were found and the class of their status.',
      samples: mock.journal?.answers.samples() ?? [],
    },
    single(
      'counter',
      'calltape_mock_faulted_calls',
      'Calls whose answer a fault altered.',
      faulted,
    ),
    {
      kind: 'counter',
      name: 'calltape_mock_faults',
      help: 'Answers that a fault rule in force has altered since its counts began.',
      samples: mock.faults.rules.map(({ id, text, fired }) => {
        return {
          labels: [
            ['id', String(id)],
            ['rule', text],
          ] as const,
          value: fired,
        };
      }),
    },
    {
      kind: 'histogram',
      name: 'calltape_mock_call_duration_seconds',
      help: 'Time from the request to the end of the answer, by how the answer was found.',
      series: durations.map(([result, histogram]) => {
        return { labels: [['result', result]], histogram };
      }),
    },
    single('gauge', 'calltape_mock_recordings', 'Recordings to play.', mock.recordings),
    single(
      'gauge',
      'calltape_mock_unused_recordings',
      'Recordings that no client has had yet.',
      unused.length,
    ),
  ];
}
