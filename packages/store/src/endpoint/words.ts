// What the names in paths of APIs are like. English, as nearly all of them are.

/** Places among ids that are no ids: they answer as an id would. */
const PLACES: ReadonlySet<string> = new Set(
  'me self mine current original search latest new count random all batch bulk stats summary upcoming daily weekly monthly yearly hourly today yesterday public private starred'.split(
    ' ',
  ),
);

/** Actions: below an id they answer as the id itself does. */
const VERBS: ReadonlySet<string> = new Set(
  (
    'accept activate add allocate apply approve archive assign attach authorize block cancel capture clear clone ' +
    'close commit complete confirm convert copy create deactivate decline delete deny deploy detach disable ' +
    'dismiss download duplicate edit enable execute expire export fail finalize find finish fork fulfill get hold ' +
    'import increment join kick leave list lock log mark merge migrate move open pause pay ping post preview ' +
    'process promote publish purge read rebuild refresh refund reject release remove rename reopen replace rerun ' +
    'resend reset resize resolve restart restore resume retry return reverse revoke rollback rotate run save send ' +
    'set ship sign snooze start stop submit subscribe suspend swap sync tag terminate test toggle transfer ' +
    'unarchive unassign unblock unlock unpublish unsubscribe update upgrade upload use validate verify void watch'
  ).split(' '),
);

/** What is a name though it has digits. */
const NAMES_WITH_DIGITS =
  /^(?:oauth|ipv|sha|md|utf|base|level|tier|step|phase|http|web|top|last|past|next|p|h|s|x|y|ec|route|mp|b)[_-]?\d{1,4}[a-z]{0,2}$|^(?:k8s|i18n|l10n|a11y|2fa|3ds|3d|s3|b2b|b2c|c2c|p2p|o2o|365)$/i;

const NOT_PLURAL = /(?:ss|us|is|as|news|status|address|access)$/i;

/** The bare word of a segment: `Messages` of `Messages.json`. */
function bare(segment: string): string {
  return segment.replace(/\.[a-z]{2,5}$/, '');
}

export function isPlace(segment: string): boolean {
  return PLACES.has(segment.replace(/^@/, '').toLowerCase());
}

/** Is this the name of an action, by itself or as the first word of `getUser` or `mark-as-read`? */
export function isAction(segment: string): boolean {
  const [first = ''] = bare(segment)
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .split(/[-_.]/);
  return VERBS.has(first.toLowerCase());
}

/** Is this a method of an API that is called by name: `chat.postMessage`, `getUser`, or a name as in code: `LastMonth`? */
export function isMethodName(segment: string): boolean {
  return (
    /^[a-z]\w*(?:\.[a-zA-Z]\w*)+$/.test(segment) || /^[A-Za-z][a-z]+(?:[A-Z][a-z]+)+$/.test(segment)
  );
}

export function isPlural(segment: string): boolean {
  const [last = ''] = bare(segment)
    .split(/[-_.]|(?<=[a-z])(?=[A-Z])/)
    .slice(-1);
  if (/^(?:people|media|children|data|info|metadata)$/i.test(last)) return true;
  return /^[a-z]{2,}s$/i.test(last) && !NOT_PLURAL.test(last);
}

export function isNameWithDigits(segment: string): boolean {
  return NAMES_WITH_DIGITS.test(segment);
}

/** Singular of a plural word, for the name of what is in it. */
export function singular(word: string): string {
  if (/ies$/i.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh)es$/i.test(word)) return word.slice(0, -2);
  if (/s$/i.test(word) && !/(?:ss|us|is)$/i.test(word)) return word.slice(0, -1);
  return word;
}
