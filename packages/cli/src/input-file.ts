import { open, readFile } from 'node:fs/promises';
import { CliError } from './errors.ts';

/**
 * The text of a file that the command line names.
 *
 * Throws CliError FILE_NOT_FOUND, FILE_INVALID (a folder, or too large to be text) or
 * FILE_UNREADABLE.
 */
export async function inputText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw refusal(file, error);
  }
}

/**
 * Makes sure that a file which the command line names is there and can be read.
 *
 * Throws CliError FILE_NOT_FOUND, FILE_INVALID (a folder) or FILE_UNREADABLE.
 */
export async function checkReadable(file: string): Promise<void> {
  try {
    const handle = await open(file);
    try {
      await handle.read(Buffer.alloc(1));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw refusal(file, error);
  }
}

function refusal(file: string, cause: unknown): CliError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR': {
      return new CliError('FILE_NOT_FOUND', `There is no file "${file}". Check its name.`, {
        cause,
      });
    }
    case 'EISDIR': {
      return new CliError('FILE_INVALID', `"${file}" is a folder. Name a file.`, { cause });
    }
    case 'ERR_STRING_TOO_LONG':
    case 'ERR_FS_FILE_TOO_LARGE': {
      return new CliError('FILE_INVALID', `"${file}" is too large to be read. Split it first.`, {
        cause,
      });
    }
    default: {
      return new CliError(
        'FILE_UNREADABLE',
        `"${file}" cannot be read (${String(code)}). Check its permissions.`,
        { cause },
      );
    }
  }
}
