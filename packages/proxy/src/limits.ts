/** Longest request or response head that is read, bytes; node:http's own limit is 16 KiB. */
export const MAX_HEAD_BYTES: number = 256 * 1024;
