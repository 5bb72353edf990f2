/** One series of an answer to a query, with its value. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exemplar {
  readonly labels: Readonly<Record<string, string>>;
}

export interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

interface Vector {
  readonly resultType: string;
  readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] | readonly [number, string];
}

/** The HTTP API of a running Prometheus. Every method throws with Prometheus's own words when it refuses. */
export class PrometheusApi {
  readonly name: string;
  readonly #url: string;

  constructor(name: string, url: string) {
    this.name = name;
    this.#url = url;
  }

  /** The value at this moment, for each series. A scalar is one sample without labels. */
  async query(expr: string): Promise<Sample[]> {
    const { resultType, result } = await this.#post<Vector>('query', { query: expr });
    if (resultType === 'scalar') return [{ labels: {}, value: Number(result[1]) }];
    return (result as readonly { metric: Record<string, string>; value: [number, string] }[]).map(({ metric, value }) => ({
      labels: metric,
      value: Number(value[1]),
    }));
  }

  /** The one value that the query returns; 0 if it returns nothing. */
  async number(expr: string): Promise<number> {
    const samples = await this.query(expr);
    if (samples.length > 1) throw new Error(`${expr} returned ${samples.length} series where one was expected.`);
    return samples[0]?.value ?? 0;
  }

  /** The exemplars of the last `seconds`. */
  async exemplars(expr: string, seconds: number): Promise<Exemplar[]> {
    const now = Date.now() / 1000;
    const series = await this.#post<readonly { exemplars: readonly Exemplar[] }[]>('query_exemplars', {
      query: expr,
      start: String(now - seconds),
      end: String(now),
    });
    return series.flatMap(({ exemplars }) => exemplars);
  }

  async alerts(): Promise<readonly FiringAlert[]> {
    return (await this.#get<{ alerts: readonly FiringAlert[] }>('alerts')).alerts;
  }

  /** Rules whose last evaluation failed, with the error. */
  async failedRules(): Promise<string[]> {
    const { groups } = await this.#get<{ groups: readonly { rules: readonly { name: string; lastError?: string }[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules.flatMap(({ name, lastError = '' }) => (lastError === '' ? [] : [`${name}: ${lastError}`])));
  }

  async #get<T>(path: string): Promise<T> {
    return dataOf<T>(await fetch(`${this.#url}/api/v1/${path}`));
  }

  async #post<T>(path: string, form: Readonly<Record<string, string>>): Promise<T> {
    return dataOf<T>(await fetch(`${this.#url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(form) }), form['query']);
  }
}

async function dataOf<T>(response: Response, query = ''): Promise<T> {
  const body = (await response.json()) as { status: string; data: T; error?: string };
  if (body.status !== 'success') throw new Error(`Prometheus refused ${query}: ${body.error ?? response.status}`);
  return body.data;
}
