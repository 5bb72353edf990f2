import type { Asker } from './asker.js';

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** The newest value. */
  readonly value: number;
}

interface Vector {
  readonly data: {
    readonly resultType: string;
    readonly result: unknown;
  };
}

interface ExemplarAnswer {
  readonly data: readonly {
    readonly exemplars: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: string }[];
  }[];
}

/** Prometheus' HTTP API, as far as the checks use it. */
export class PrometheusApi {
  readonly #asker: Asker;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  async version(): Promise<string> {
    const { data } = await this.#asker.json<{ data: { version?: string } }>('/api/v1/status/buildinfo');
    return data.version ?? 'unknown';
  }

  /** The value of a query at this moment. */
  async query(query: string): Promise<readonly Series[]> {
    const { data } = await this.#asker.json<Vector>('/api/v1/query', { form: { query } });
    if (data.resultType === 'scalar') return [{ metric: {}, value: Number((data.result as readonly [number, string])[1]) }];
    return (data.result as readonly { metric: Series['metric']; value: readonly [number, string] }[]).map(({ metric, value }) => ({
      metric,
      value: Number(value[1]),
    }));
  }

  /** The values of a query over time, with the newest of each series that is a number. */
  async range(query: string, fromMs: number, toMs: number, stepS: number): Promise<readonly Series[]> {
    const { data } = await this.#asker.json<Vector>('/api/v1/query_range', {
      form: { query, start: String(fromMs / 1000), end: String(toMs / 1000), step: String(stepS) },
    });
    return (data.result as readonly { metric: Series['metric']; values: readonly (readonly [number, string])[] }[]).map(
      ({ metric, values }) => {
        const numbers = values.map(([, value]) => Number(value));
        return { metric, value: numbers.findLast((value) => !Number.isNaN(value)) ?? Number.NaN };
      },
    );
  }

  /** The labels of the exemplars of a histogram. */
  async exemplars(query: string, fromMs: number, toMs: number): Promise<readonly Readonly<Record<string, string>>[]> {
    const { data } = await this.#asker.json<ExemplarAnswer>('/api/v1/query_exemplars', {
      form: { query, start: String(fromMs / 1000), end: String(toMs / 1000) },
    });
    return data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels));
  }

  /** The values of a label, of the series that a selector chooses. */
  async labelValues(label: string, selector: string): Promise<readonly string[]> {
    const { data } = await this.#asker.json<{ data: readonly string[] }>(`/api/v1/label/${label}/values`, {
      query: { 'match[]': selector },
    });
    return data;
  }

  /** The names of the recorded series and alerts of the rules that are loaded. */
  async rules(): Promise<readonly string[]> {
    const { data } = await this.#asker.json<{ data: { groups?: readonly { rules: readonly { name: string }[] }[] } }>('/api/v1/rules');
    return (data.groups ?? []).flatMap(({ rules }) => rules.map(({ name }) => name));
  }
}
