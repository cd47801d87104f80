import { fileURLToPath } from 'node:url';

/** What Node programs under `calltape run` load first; a path beside the program's own files. */
export const PRELOAD: string = fileURLToPath(new URL('./preload/preload.cjs', import.meta.url));
