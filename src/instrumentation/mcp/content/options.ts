/** What content spans carry. Everything is off by default; metrics and logs never carry any. */
export interface CaptureOptions {
  /** Arguments of `tools/call`, as JSON text in `gen_ai.tool.call.arguments`. Default false. */
  readonly arguments?: boolean;
  /** Results of `tools/call`, as JSON text in `gen_ai.tool.call.result`. Default false. */
  readonly results?: boolean;
  /** Arguments of `prompts/get`, each in `gen_ai.prompt.variable.<name>`. Default false. */
  readonly promptVariables?: boolean;
  /** Sizes of requests and responses in bytes of JSON. Default false: measuring serialises every message a second time. */
  readonly sizes?: boolean;
  /** Texts of JSON-RPC errors and of exceptions in status and exception events. Default false: they quote what callers sent. */
  readonly errorMessages?: boolean;
  /** Most bytes of UTF-8 of one attribute; longer content is cut and says so. 64 to 65536, default 4096. */
  readonly maxBytes?: number;
  /**
   * Further keys whose values are hidden, at any depth, also where a text assigns them (`key: value`, JSON in a string).
   * Case, separators and camel case do not matter; a key of five letters or more matches anywhere in a longer one.
   * Added to the usual ones: password, secret, token (so `max_tokens` is hidden too), api key, authorization, cookie, ...
   */
  readonly redactKeys?: readonly string[];
  /**
   * Further texts to hide. They are searched for in at most `maxBytes` + 4096 characters, on the event loop. A search that takes
   * longer than 50 ms is stopped and what it searched is not shown; after the third one no content is captured any more.
   * Added to the usual ones: bearer tokens, JWTs, private keys, passwords in URLs, cloud keys, card numbers.
   */
  readonly redactPatterns?: readonly RegExp[];
  /** Hide e-mail addresses too. Default false. */
  readonly redactEmails?: boolean;
  /** Tools whose arguments and results may be seen, by exact name. `deny` wins; with `allow`, only those. Default: all. */
  readonly tools?: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
}
