import { runCalls } from './measure.js';
import type { TelemetryFinding } from './messages.js';
import { TOOL } from './subject.js';
import type { SpanFact, Subject } from './subject.js';

const CHECKED_CALLS = 5;

/** Looks closely at what a few calls send before anything is measured, and counts at the end whether all of it arrived. */
export class TelemetryCheck {
  /** Calls that were made for it; they count with the others. */
  readonly calls = CHECKED_CALLS;
  readonly #subject: Subject;
  readonly #spans: readonly SpanFact[];

  private constructor(subject: Subject, spans: readonly SpanFact[]) {
    this.#subject = subject;
    this.#spans = spans;
  }

  static async begin(subject: Subject): Promise<TelemetryCheck> {
    const { sink } = subject;
    if (sink === undefined) {
      await runCalls(subject, CHECKED_CALLS);
      return new TelemetryCheck(subject, []);
    }
    // Those of the handshake are none of a call's.
    await sink.flush();
    sink.spans = 0;
    sink.keeping = true;
    await runCalls(subject, CHECKED_CALLS);
    await sink.flush();
    sink.keeping = false;
    return new TelemetryCheck(subject, [...sink.kept]);
  }

  /** @param calls made since the start. */
  async finish(calls: number): Promise<TelemetryFinding> {
    const { sink } = this.#subject;
    await sink?.flush();
    const points = (await sink?.points()) ?? new Map<string, number>();
    const durations = [...points].filter(([name]) => /^mcp\.(server|client)\.operation\.duration$/.test(name));
    const named = this.#spans.filter(({ attributes }) => Object.values(attributes).includes(TOOL));
    return {
      spanNames: this.#spans.slice(0, this.#spans.length / CHECKED_CALLS).map(({ name }) => name),
      toolNamed: named.length >= CHECKED_CALLS,
      attributes: Object.keys(named[0]?.attributes ?? {}).toSorted(),
      spansPerCall: (sink?.spans ?? 0) / calls,
      pointsPerCall: durations.reduce((sum, [, count]) => sum + count, 0) / calls,
    };
  }
}
