/** Selects the content that spans carry. Everything is off by default; metrics and logs never carry content. */
export interface CaptureOptions {
  /** Arguments of `tools/call`, as JSON text in `gen_ai.tool.call.arguments`. Default false. */
  readonly arguments?: boolean;
  /** Results of `tools/call`, as JSON text in `gen_ai.tool.call.result`. Default false. */
  readonly results?: boolean;
  /** Arguments of `prompts/get`, each in `gen_ai.prompt.variable.<name>`. Default false. */
  readonly promptVariables?: boolean;
  /** Sizes of requests and responses in bytes of JSON. Default false: measuring serialises every message a second time. */
  readonly sizes?: boolean;
  /** Texts of JSON-RPC errors and of exceptions, in span statuses and exception events. Default false: they quote what callers sent. */
  readonly errorMessages?: boolean;
  /** Maximum size of one attribute, in bytes of UTF-8; longer content is cut and marked as truncated. 64 to 65536, default 4096. */
  readonly maxBytes?: number;
  /**
   * Additional keys whose values are hidden, at any depth and where a text assigns them (`key: value`, JSON in a string).
   * Case, separators and camel case do not matter; a key of five letters or more matches anywhere in a longer one.
   * Added to the standard ones: password, secret, token (so `max_tokens` is hidden too), api key, authorization, cookie, ...
   */
  readonly redactKeys?: readonly string[];
  /**
   * Patterns of additional texts to hide. They are searched for in at most `maxBytes` + 4096 characters, on the event loop. A search
   * that takes longer than 50 ms is stopped and the text is not shown; after the third timeout no more content is captured.
   * Added to the standard ones: bearer tokens, JWTs, private keys, passwords in URLs, cloud keys, card numbers.
   */
  readonly redactPatterns?: readonly RegExp[];
  /** Hides e-mail addresses too. Default false. */
  readonly redactEmails?: boolean;
  /** Tools whose arguments and results may be captured, by exact name. `deny` wins; with `allow`, only those listed. Default: all. */
  readonly tools?: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
}
