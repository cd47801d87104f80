/** How a server is asked to end. */
export interface StopSignal {
  /** Resolves at the first SIGINT or SIGTERM. */
  readonly asked: Promise<void>;
  /** Resolves when, asked already, SIGINT comes again: end at once. */
  readonly insisted: Promise<'insisted'>;
}

/** Takes over SIGINT and SIGTERM for the rest of the process. */
export function stopSignal(): StopSignal {
  const asked = Promise.withResolvers<void>();
  const insisted = Promise.withResolvers<'insisted'>();
  let before = false;
  process.on('SIGTERM', () => {
    before = true;
    asked.resolve();
  });
  process.on('SIGINT', () => {
    if (before) insisted.resolve('insisted');
    before = true;
    asked.resolve();
  });
  return { asked: asked.promise, insisted: insisted.promise };
}
