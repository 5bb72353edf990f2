import { findAssignedSecrets } from './assignedSecrets.js';
import { findCardNumbers } from './cardNumbers.js';
import type { SecretRule } from './secretRule.js';
import type { IsSensitiveKey } from './sensitiveKeys.js';

/**
 * Texts that are recognised as secret by their form. Each can only start where a word starts and has only one way to match, so the
 * time is linear; each also matches its own beginning, for texts that end in the middle of a secret.
 */
const SECRET_FORMS = new RegExp(
  [
    // A key in PEM form, with everything up to its last line or the end.
    String.raw`-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)`,
    // HTTP credentials; the word `basic` is too common to count unless base64 follows.
    String.raw`(?<![\w-])[Bb](?:earer|EARER)\s{1,8}[\w.~+/=-]{6,}`,
    String.raw`(?<![\w-])[Bb](?:asic|ASIC)\s{1,8}(?=[a-z]{0,64}[A-Z0-9+/=])[A-Za-z0-9+/]{6,}={0,2}`,
    // JSON Web Tokens: base64url of `{"`.
    String.raw`(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){0,4}`,
    // The user part of a URL: a password, or a token in its place. The host stays readable.
    String.raw`(?<=/\\?/)[^\s/?#"<>]{1,1024}(?=@)`,
    // Keys of Amazon, GitHub, GitLab, Slack, Stripe, OpenAI, Anthropic, Google, npm, PyPI, Hugging Face, SendGrid, DigitalOcean.
    String.raw`(?<![A-Za-z0-9])(?:A3T[A-Z0-9]|ABIA|ACCA|AGPA|AIDA|AIPA|AKIA|ANPA|ANVA|AROA|ASCA|ASIA)[A-Z0-9]{12,}`,
    String.raw`(?<![\w/+=-])(?=[a-z0-9/+]{0,39}[A-Z])(?=[A-Z0-9/+]{0,39}[a-z])(?=[A-Za-z/+]{0,39}\d)[A-Za-z0-9/+]{40}(?![\w/+=-])`,
    String.raw`(?<![A-Za-z0-9])(?:gh[oprsu]_|github_pat_|glpat-|xox[abeoprs]-|xapp-|[prs]k_(?:live|test)_|whsec_|sk-|AIza|ya29\.|npm_|pypi-|hf_|SG\.|do[opr]_v1_)[\w.-]{12,}`,
  ].join('|'),
  'g',
);

const EMAIL = /(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g;

/** Returns the rules that always apply. */
export function standardRules({
  isSensitiveKey,
  emails,
}: {
  readonly isSensitiveKey: IsSensitiveKey;
  readonly emails: boolean;
}): readonly SecretRule[] {
  return [
    patternRule(SECRET_FORMS, 5),
    ...(emails ? [patternRule(EMAIL, 5)] : []),
    { minChars: 13, find: findCardNumbers },
    {
      minChars: 5,
      find: (text, report) => {
        findAssignedSecrets(text, isSensitiveKey, report);
      },
    },
  ];
}

/** Finds the matches of `pattern`, which must be global. */
function patternRule(pattern: RegExp, minChars: number): SecretRule {
  return {
    minChars,
    find: (text, report) => {
      for (const match of text.matchAll(pattern)) report(match.index, match.index + match[0].length);
    },
  };
}
