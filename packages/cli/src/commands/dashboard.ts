import { runDashboard, snapshot, snapshotJson, type DashboardOptions } from '@calltape/dashboard';
import { openTape } from '@calltape/store';
import { checkRecording } from '../call-query.ts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { jsonLine } from '../output.ts';
import type { DashboardFlags } from '../tables/dashboard.ts';

export const dashboard: Run<DashboardFlags> = async ({ flag, tape, output }) => {
  const [recording, sinceMs] = [flag('recording'), flag('since')];
  if (recording !== undefined) checkRecordingIn(tape, recording);
  const options: DashboardOptions = {
    file: tape,
    color: output.color,
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(recording === undefined ? {} : { recording }),
  };
  if (output.json) {
    await output.data(jsonLine(snapshotJson(options)));
  } else if (flag('once') || !isFullScreenPossible()) {
    const width = output.columns === null ? {} : { columns: output.columns };
    await output.data(snapshot({ ...options, ...width }));
  } else {
    // The mock package takes long to load, and a report has no use for it.
    const { mockOfTape } = await import('../mock-of-tape.ts');
    await runDashboard({ ...options, mock: mockOfTape(tape) });
  }
  return EXIT.done;
};

function checkRecordingIn(file: string, recording: string): void {
  const tape = openTape(file);
  try {
    checkRecording(tape, recording);
  } finally {
    tape.close();
  }
}

function isFullScreenPossible(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb';
}
