/** Reports that the characters from `start` up to `end` are secret. */
export type Report = (start: number, end: number) => void;

/** Finds secrets in a text; all rules see the original text, so that none can hide matches from another. */
export interface SecretRule {
  /** Shorter texts cannot contain such a secret. */
  readonly minChars: number;
  find(text: string, report: Report): void;
}
