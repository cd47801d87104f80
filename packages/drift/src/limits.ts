/** Deeper than this nothing is looked at; also bounds every recursion over values and shapes. */
export const MOST_DEPTH = 32;
/** Items of one array that are looked at. */
export const MOST_ITEMS = 1000;
/** Characters of a key; longer ones are data. */
export const MOST_KEY_LENGTH = 200;
/** Places that are kept of the bodies of one kind. */
export const MOST_PLACES = 4000;
