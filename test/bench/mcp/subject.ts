/** One span as the check before the first round sees it. */
export interface SpanFact {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What the telemetry of a subject ends in: it counts, and drops. */
export interface Sink {
  /** Spans that arrived so far. */
  spans: number;
  /** Set during the check: only then is a span looked at, since looking takes time. */
  keeping: boolean;
  readonly kept: SpanFact[];
  /** Pushes out what is still queued. */
  flush(): Promise<void>;
  /** What the metric reader collects now, by instrument: how many measurements it holds; sums and gauges hold 1 a series. */
  points(): Promise<ReadonlyMap<string, number>>;
}

/** A server with one tool, ready to be called, with or without telemetry. */
export interface Subject {
  /** One `tools/call`, answered and checked. */
  call(): Promise<unknown>;
  close(): Promise<void>;
  /** Absent where nothing is instrumented. */
  readonly sink?: Sink;
}

export const TOOL = 'echo';
export const TEXT = 'a short line of text';

/** Throws unless the tool answered: a broken variant must not pass for a fast one. */
export function checkAnswer(result: unknown): void {
  const content: unknown = typeof result === 'object' && result !== null && 'content' in result ? result.content : undefined;
  const first: unknown = Array.isArray(content) ? content[0] : undefined;
  const text: unknown = typeof first === 'object' && first !== null && 'text' in first ? first.text : undefined;
  if (text !== TEXT) throw new Error(`the tool did not answer: ${JSON.stringify(result)}`);
}
