/** A kind of key that is known by its looks, as parts of a regular expression. */
interface KeyShape {
  /** What to call it in a report. */
  readonly kind: string;
  /** The beginning, which says what it is and is no secret; clients check it, so placeholders keep it. */
  readonly prefix: string;
  readonly rest: string;
}

const shape = (kind: string, prefix: string, rest: string): KeyShape => ({ kind, prefix, rest });

/** Values that are keys by their shape. To redact another, add it here. */
const SHAPES: readonly KeyShape[] = [
  shape('Stripe or Razorpay key', '(?:sk|pk|rk|rzp)_(?:live|test)_', String.raw`\w{8,}`),
  shape('webhook secret', 'whsec_', String.raw`[\w+/=]{16,}`),
  shape('Slack token', String.raw`xox[abceoprs]-(?:\d-)?`, String.raw`[\w-]{10,}`),
  shape('Slack token', String.raw`xapp-\d-`, String.raw`[\w-]{10,}`),
  shape('GitHub token', 'gh[oprsu]_', String.raw`\w{20,}`),
  shape('GitHub token', 'github_pat_', String.raw`\w{20,}`),
  shape('GitLab token', 'glpat-', String.raw`[\w-]{16,}`),
  shape('AWS key id', '(?:AKIA|ASIA)', '[A-Z0-9]{16}'),
  shape('Google API key', 'AIza', String.raw`[\w-]{30,}`),
  shape('Google token', String.raw`ya29\.`, String.raw`[\w-]{20,}`),
  // Not in the middle of base64, where these letters come by chance.
  shape('Google token', '(?<![+/])1//0', String.raw`[\w-]{30,}`),
  shape('Google client secret', 'GOCSPX-', String.raw`[\w-]{20,}`),
  shape('SendGrid key', String.raw`SG\.`, String.raw`[\w-]{16,}\.[\w-]{16,}`),
  shape('Shopify token', 'shp(?:at|ca|pa|ss|rt)_', String.raw`\w{20,}`),
  shape('Square token', 'sq0[a-z]{3}-', String.raw`[\w-]{20,}`),
  shape('Facebook or Square token', '(?<![+/])EAA', '[A-Za-z0-9_-]{30,}'),
  shape('PayPal token', 'A21AA', String.raw`[\w-]{30,}`),
  shape('npm token', 'npm_', String.raw`\w{30,}`),
  shape('PyPI token', 'pypi-', String.raw`[\w-]{30,}`),
  shape('DigitalOcean token', 'do[opr]_v1_', String.raw`\w{30,}`),
  shape('Hugging Face token', 'hf_', String.raw`\w{30,}`),
  shape('Groq key', 'gsk_', String.raw`\w{30,}`),
  shape('xAI key', 'xai-', String.raw`\w{40,}`),
  shape('Docker token', 'dckr_pat_', String.raw`[\w-]{20,}`),
  shape('HubSpot token', String.raw`pat-[a-z]{2}\d-`, '[0-9a-f-]{36}'),
  shape('WooCommerce key', 'c[ks]_(?=[0-9a-f]{40}(?![A-Za-z0-9]))', '[0-9a-f]{40}'),
  shape('Mailgun key', 'key-(?=[0-9a-f]{32}(?![A-Za-z0-9]))', '[0-9a-f]{32}'),
  shape('Atlassian token', 'ATATT3', String.raw`[\w=-]{20,}`),
  shape('Linear key', 'lin_api_', String.raw`\w{20,}`),
  shape('Notion token', 'ntn_', String.raw`\w{30,}`),
  shape('Vault token', String.raw`hv[bsr]\.`, String.raw`[\w-]{24,}`),
  shape('Postman key', 'PMAK-', '[0-9a-f-]{30,}'),
  shape('Sentry token', 'sntry[su]_', String.raw`[\w=+/-]{30,}`),
  shape('New Relic key', 'NRAK-', '[A-Z0-9]{20,}'),
  shape('Salesforce session', String.raw`00D\w{12}(?:\w{3})?!`, String.raw`[\w.]{20,}`),
  // A letter or digit that follows a hyphen: `sk-SK-common-file` is a locale.
  shape('API key', '(?<![-_])sk-(?:ant-|proj-|svcacct-)?', String.raw`(?=[\w-]*\d)[\w-]{20,}`),
];

/** Shapes without a beginning of their own. */
const LOOSE_SHAPES: readonly (readonly [kind: string, source: string])[] = [
  // The look-behind keeps a long run of letters from being tried at each of its hyphens.
  ['JSON Web Token', String.raw`(?<![\w-])eyJ[\w-]{6,}\.[\w-]{2,}\.[\w-]*(?:\.[\w-]*\.[\w-]+)?`],
  ['Mailchimp key', String.raw`[0-9a-f]{32}-us\d{1,3}(?!\w)`],
  ['Discord bot token', String.raw`(?<![\w-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,45}(?![\w-])`],
  ['Telegram bot token', String.raw`\d{8,10}:AA[\w-]{33}(?![\w-])`],
];

const prefixed = SHAPES.map(({ prefix, rest }) => prefix + rest);

/** Matches any key by its shape, where no letter or digit stands in front. */
export const KEY: string = `(?<![A-Za-z0-9])(?:${[...prefixed, ...LOOSE_SHAPES.map(([, source]) => source)].join('|')})`;

/** The beginning of a secret that its placeholder keeps. */
export const KEPT_PREFIX: RegExp = new RegExp(
  `^(?:${SHAPES.map(({ prefix }) => prefix).join('|')}|(?:AC|SK)(?=[0-9a-f]{32}$))`,
);

/**
 * Cheap to look for, and in every text that {@link KEY} matches: a text without it is spared the
 * rest.
 */
export const KEY_HINT: string = String.raw`eyJ[\w-]{6}|[srp]k_(?:live|test)_|rzp_(?:live|test)_|whsec_|xox[abceoprs]-|xapp-\d|gh[oprsu]_\w{9}|github_pat_|glpat-|AKIA|ASIA[A-Z0-9]|AIza|ya29\.|1//0|GOCSPX-|SG\.[\w-]{9}|shp(?:at|ca|pa|ss|rt)_|sq0[a-z]{3}-|EAA[A-Za-z0-9]{9}|A21AA|npm_\w{9}|pypi-|do[opr]_v1_|hf_\w{9}|gsk_|xai-|dckr_pat_|pat-[a-z]{2}\d-|c[ks]_[0-9a-f]{9}|key-[0-9a-f]{9}|ATATT3|lin_api_|ntn_|hv[bsr]\.|PMAK-|sntry[su]_|NRAK-|00D\w{12}|sk-[\w-]{9}|[0-9a-f]-us\d|\d:AA[\w-]`;

const KINDS: readonly (readonly [kind: string, shape: RegExp])[] = [
  ...SHAPES.map(({ kind, prefix, rest }) => [kind, new RegExp(`^${prefix}${rest}$`)] as const),
  ...LOOSE_SHAPES.map(([kind, source]) => [kind, new RegExp(`^${source}$`)] as const),
];

/** What kind of key a text is by its shape; null when it is none. */
export function kindOfKey(text: string): string | null {
  return KINDS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}
