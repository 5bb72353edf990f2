import type * as Api from '@opentelemetry/api';
import { pointFacts, spanFact } from '../facts.js';
import type { EndedSpan, PointFact, SpanFact } from '../facts.js';
import type { Subject } from '../subject.js';

/** A span processor of any SDK line that keeps what ended. */
export class KeptSpans {
  #facts: SpanFact[] = [];

  onStart(): void {}

  onEnd(span: unknown): void {
    this.#facts.push(spanFact(span as EndedSpan));
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}

  get facts(): readonly SpanFact[] {
    return [...this.#facts];
  }

  clear(): void {
    this.#facts = [];
  }
}

interface Reader {
  collect(): Promise<{ readonly resourceMetrics: { readonly scopeMetrics: Parameters<typeof pointFacts>[0] } }>;
}

/** A reader that collects when asked, of the SDK line that the package runs on. */
export function idleReader(sdkMetrics: { readonly MetricReader: unknown }): Reader {
  const Base = sdkMetrics.MetricReader as new () => Reader;
  return new (class extends Base {
    async onForceFlush(): Promise<void> {}

    async onShutdown(): Promise<void> {}
  })();
}

type HostParts = Pick<Subject, 'inSpan' | 'spans' | 'points' | 'clear'>;

/** What a host on OpenTelemetry offers. @param api the copy that the package uses: older ones refuse newer ones. */
export function otelHost(api: typeof Api, kept: KeptSpans, reader?: Reader): HostParts {
  return {
    inSpan: (name, run) => inSpan(api, name, run),
    spans: () => Promise.resolve(kept.facts),
    points: async (): Promise<readonly PointFact[]> =>
      reader === undefined ? [] : pointFacts((await reader.collect()).resourceMetrics.scopeMetrics),
    clear: () => {
      kept.clear();
    },
  };
}

export function inSpan<Result>(api: typeof Api, name: string, run: () => Result): Result {
  return api.trace.getTracer('host').startActiveSpan(name, (span) => {
    const result = run();
    if (result instanceof Promise) {
      const end = (): void => {
        span.end();
      };
      result.then(end, end);
    } else span.end();
    return result;
  });
}
