/** How a class of errors is identified on the wire, in logs and in `docs/errors.md`. Codes are never reused. */
export type ErrorCode = `HANDOFF_${string}`;

/**
 * Base of every error this package raises on purpose.
 *
 * Contract: `code` is a literal that never changes meaning; `data` is typed per subclass and safe to log
 * (no caller content); `message` says what was wrong and what to do next; the original failure, if any, is `cause`.
 */
export abstract class HandoffError<Data extends object = object> extends Error {
  abstract readonly code: ErrorCode;
  readonly data: Readonly<Data>;

  constructor(message: string, data: Data, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.data = data;
  }
}
