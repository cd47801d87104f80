import { type DashboardOptions, themeOf } from './options.ts';
import { Session } from './session.ts';
import { snapshot } from './snapshot.ts';
import { troubleOf } from './tape-trouble.ts';

/**
 * Shows the dashboard full screen until the user quits. It only ever reads the tape. Where standard
 * output is no terminal, or one without cursor movement, it prints the report and is done.
 *
 * @throws TapeError when the tape cannot be opened, and then the screen was not touched; or when it
 *   cannot be read any further. The terminal has been restored then, as after any other error.
 */
export async function runDashboard(options: DashboardOptions): Promise<void> {
  if (!process.stdout.isTTY || process.env['TERM'] === 'dumb') {
    process.stdout.write(snapshot(options));
    return;
  }
  const session = new Session(options, Date.now());
  try {
    // React reads NODE_ENV when it is first loaded, and is twice as slow without it.
    process.env['NODE_ENV'] ??= 'production';
    const { showFullScreen } = await import('./terminal.tsx');
    await showFullScreen(session, themeOf(options, process.env));
  } catch (error) {
    throw troubleOf(error, options.file);
  } finally {
    session.close();
  }
}
