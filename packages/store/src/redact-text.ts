import { SECRET_PARAMETER } from './redact-names.ts';

/** Gives the placeholder of a secret. */
export type Replace = (secret: string) => string;

/** `//user:password@` of a URL; the last `@` before the path ends it, as URL parsers have it. */
const USERINFO = String.raw`(?<=:)\/\/(?<userinfo>[^/?#\s"'<>]+)@`;

/** A secret parameter of a query or fragment, also within a URL that is itself a parameter. */
const PARAMETER = String.raw`(?i:(?<before>(?:[?&#]|%3F|%26|%23)(?:[\w.-]{0,40}(?:\[|%5B))?${SECRET_PARAMETER}(?:\]|%5D)?(?:=|%3D))(?<value>(?:(?!%26|%23)[^&#\s"'<>])+))`;

/** Paths that are a capability: webhooks of Slack, Discord and Zapier, bots of Telegram. */
const PATH = String.raw`(?<path>\/services\/T\w{5,20}\/B\w{5,20}\/|\/webhooks\/\d{10,25}\/|\/hooks\/(?:catch|standard)\/\d+\/|\/bot(?=\d{5,12}:[\w-]{30}))(?<capability>[\w:-]{6,})`;

const BEARER = String.raw`(?<scheme>(?i:\bBearer)\s+)(?<bearer>[\w.~+/-]{16,}=*)`;

/** Values that are keys by their shape. To redact another, add it here. */
const KEYS = [
  // The look-behind keeps a long run of letters from being tried at each of its hyphens.
  String.raw`(?<![\w-])eyJ[\w-]{6,}\.[\w-]{2,}\.[\w-]*(?:\.[\w-]*\.[\w-]+)?`,
  String.raw`(?:sk|pk|rk|rzp)_(?:live|test)_\w{8,}`,
  String.raw`whsec_[\w+/=]{16,}`,
  String.raw`xox[abceoprs]-[\w-]{10,}`,
  String.raw`xapp-\d-[\w-]{10,}`,
  String.raw`gh[oprsu]_\w{20,}`,
  String.raw`github_pat_\w{20,}`,
  String.raw`glpat-[\w-]{16,}`,
  String.raw`(?:AKIA|ASIA)[A-Z0-9]{16}`,
  String.raw`AIza[\w-]{30,}`,
  String.raw`ya29\.[\w-]{20,}`,
  String.raw`(?<![\w-])sk-(?=[\w-]*\d)[\w-]{20,}`,
  String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
  String.raw`shp(?:at|ca|pa|ss|rt)_\w{20,}`,
  String.raw`sq0[a-z]{3}-[\w-]{20,}`,
  String.raw`EAA[A-Za-z0-9]{30,}`,
  String.raw`npm_\w{30,}`,
  String.raw`pypi-[\w-]{30,}`,
  String.raw`dop_v1_\w{30,}`,
  String.raw`hf_\w{30,}`,
  String.raw`gsk_\w{30,}`,
  String.raw`dckr_pat_[\w-]{20,}`,
  String.raw`pat-[a-z]{2}\d-[0-9a-f-]{36}`,
  String.raw`[0-9a-f]{32}-us\d{1,3}(?!\w)`,
];

const KEY = `(?<![A-Za-z0-9])(?<key>${KEYS.join('|')})`;

/** One pass over the text, so that no placeholder is taken for a secret and replaced again. */
const SECRET = new RegExp([USERINFO, PARAMETER, PATH, BEARER, KEY].join('|'), 'g');

interface Groups {
  readonly userinfo?: string;
  readonly before?: string;
  readonly value?: string;
  readonly path?: string;
  readonly capability?: string;
  readonly scheme?: string;
  readonly bearer?: string;
  readonly key?: string;
}

/** Replaces what is secret by its place in a URL, or a key by its shape, anywhere in a text. */
export function redactText(text: string, replace: Replace): string {
  return text.replace(SECRET, (match, ...found: unknown[]) => {
    const groups = found.at(-1);
    return isGroups(groups) ? redactMatch(groups, replace) : match;
  });
}

/** `String.replace` hands the named groups over last. */
function isGroups(value: unknown): value is Groups {
  return typeof value === 'object' && value !== null;
}

function redactMatch(groups: Groups, replace: Replace): string {
  const { userinfo, before = '', path = '', scheme = '', value, capability, bearer, key } = groups;
  if (userinfo !== undefined) return `//${redactUserinfo(userinfo, replace)}@`;
  return before + path + scheme + replace(value ?? capability ?? bearer ?? key ?? '');
}

/** User and password apart: either may be the key, with nothing or a fixed word as the other. */
export function redactUserinfo(userinfo: string, replace: Replace): string {
  const colon = userinfo.indexOf(':');
  if (colon === -1) return replace(userinfo);
  return `${replace(userinfo.slice(0, colon))}:${replace(userinfo.slice(colon + 1))}`;
}
