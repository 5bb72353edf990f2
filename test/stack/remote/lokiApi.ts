import type { Asker } from './asker.js';

export interface Line {
  readonly timestampNs: string;
  readonly line: string;
  /** The labels of the stream and the structured metadata. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface LokiAnswer {
  readonly lines: readonly Line[];
  /** Of a query that computes something: one value for each series. */
  readonly series: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

interface StreamResult {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [string, string, { readonly structuredMetadata?: Readonly<Record<string, string>> }?])[];
}

interface SampleResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly values?: readonly (readonly [number, string])[];
  readonly value?: readonly [number, string];
}

/** Loki's HTTP API, as far as the checks use it. */
export class LokiApi {
  readonly #asker: Asker;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  async version(): Promise<string> {
    const { version } = await this.#asker.json<{ version?: string }>('/loki/api/v1/status/buildinfo');
    return version ?? 'unknown';
  }

  async query(query: string, fromMs: number, toMs: number, limit = 1000): Promise<LokiAnswer> {
    const { data } = await this.#asker.json<{ data: { resultType: string; result: readonly (StreamResult | SampleResult)[] } }>(
      '/loki/api/v1/query_range',
      { query: { query, start: ns(fromMs), end: ns(toMs), limit: String(limit), direction: 'forward', step: '15' } },
    );
    if (data.resultType !== 'streams') {
      const samples = data.result as readonly SampleResult[];
      return {
        lines: [],
        series: samples.map(({ metric, values, value }) => ({ labels: metric, value: Number((values?.at(-1) ?? value)?.[1]) })),
      };
    }
    const streams = data.result as readonly StreamResult[];
    const lines = streams.flatMap(({ stream, values }) =>
      values.map(([timestampNs, line, extra]) => ({ timestampNs, line, labels: { ...stream, ...extra?.structuredMetadata } })),
    );
    return { lines, series: [] };
  }

  /** The names of the labels of the index. */
  async indexLabels(selector: string, fromMs: number, toMs: number): Promise<readonly string[]> {
    const { data = [] } = await this.#asker.json<{ data?: readonly string[] }>('/loki/api/v1/labels', {
      query: { query: selector, start: ns(fromMs), end: ns(toMs) },
    });
    return data;
  }
}

function ns(ms: number): string {
  return `${Math.round(ms)}000000`;
}
