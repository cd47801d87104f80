export type { DashboardOptions } from './options.ts';
export type { FindMock, MockControl, MockMiss, MockNow, MockRule } from './mock-control.ts';
export type { LiveRecording } from './picture.ts';
export { runDashboard } from './run.ts';
export { screen, type ScreenOptions } from './screen.ts';
export { snapshot, snapshotJson } from './snapshot.ts';
export type { Snapshot, SnapshotEndpoint, SnapshotWindow } from './snapshot-json.ts';
