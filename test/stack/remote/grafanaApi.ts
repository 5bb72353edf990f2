import type { Asker } from './asker.js';

export interface GrafanaSource {
  readonly uid: string;
  readonly type: string;
  readonly name: string;
}

/** One query of a panel as Grafana's page sends it. */
export interface GrafanaQuery {
  readonly target: Readonly<Record<string, unknown>>;
  readonly fromMs: number;
  readonly toMs: number;
}

interface QueryResult {
  readonly error?: string;
  readonly message?: string;
  readonly status?: number;
  readonly frames?: readonly { readonly data?: { readonly values?: readonly (readonly unknown[])[] } }[];
}

/** Grafana's HTTP API, as far as the checks use it. */
export class GrafanaApi {
  readonly #asker: Asker;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  async version(): Promise<string> {
    const { version } = await this.#asker.json<{ version?: string }>('/api/health');
    return version ?? 'unknown';
  }

  /** Whether Grafana knows who asks. */
  async isKnown(): Promise<boolean> {
    return (await this.#asker.ask('/api/user')).status === 200;
  }

  /** The data source with a uid, or else the first of its type, if whoever asks may see it. */
  async source(uid: string, type: string): Promise<GrafanaSource | undefined> {
    const byUid = await this.#asker.ask(`/api/datasources/uid/${uid}`);
    if (byUid.status === 200) return JSON.parse(byUid.text) as GrafanaSource;
    // What a page needs to know is there for viewers too, who may not list data sources.
    const { datasources = {} } = await this.#asker.json<{ datasources?: Readonly<Record<string, GrafanaSource>> }>(
      '/api/frontend/settings',
    );
    const all = Object.values(datasources);
    return all.find((each) => each.uid === uid) ?? all.find((each) => each.type === type);
  }

  async createSource(source: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#asker.json('/api/datasources', { json: source });
  }

  async deleteSource(uid: string): Promise<void> {
    await this.#asker.ask(`/api/datasources/uid/${uid}`, { method: 'DELETE' });
  }

  /** What the button "Save & test" says. Rejects if that is a failure. */
  async health(uid: string): Promise<string> {
    const { status = '', message = '' } = await this.#asker.json<{ status?: string; message?: string }>(
      `/api/datasources/uid/${uid}/health`,
    );
    if (status !== 'OK') throw new Error(`${uid}: ${status} ${message}`);
    return message;
  }

  async hasBoard(uid: string): Promise<boolean> {
    return (await this.#asker.ask(`/api/dashboards/uid/${uid}`)).status === 200;
  }

  async createBoard(board: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#asker.json('/api/dashboards/db', { json: { dashboard: { ...board, id: null }, overwrite: true, message: 'stack check' } });
  }

  async deleteBoard(uid: string): Promise<void> {
    await this.#asker.ask(`/api/dashboards/uid/${uid}`, { method: 'DELETE' });
  }

  /** How many frames with values a query gives. Rejects with Grafana's words if it fails. */
  async query({ target, fromMs, toMs }: GrafanaQuery): Promise<number> {
    const refId = typeof target['refId'] === 'string' ? target['refId'] : 'A';
    const answer = await this.#asker.ask('/api/ds/query', {
      json: { queries: [{ ...target, refId, intervalMs: 15_000, maxDataPoints: 500 }], from: String(fromMs), to: String(toMs) },
    });
    const parsed = parse(answer.text) as { readonly results?: Readonly<Record<string, QueryResult>>; readonly message?: string };
    const result = parsed.results?.[refId];
    const error = result?.error ?? result?.message;
    if (error !== undefined) throw new Error(error);
    if (answer.status !== 200 || result === undefined) {
      throw new Error(`/api/ds/query was answered ${answer.status}: ${answer.text.slice(0, 300)}`);
    }
    return (result.frames ?? []).filter(({ data }) => (data?.values ?? []).some((values) => values.length > 0)).length;
  }

  /** How many traces a TraceQL search finds through Grafana's proxy, the way in which pages search where the plugin's back end does not. */
  async searchTraces(uid: string, q: string, fromMs: number, toMs: number): Promise<number> {
    const { traces = [] } = await this.#asker.json<{ traces?: readonly unknown[] }>(`/api/datasources/proxy/uid/${uid}/api/search`, {
      query: { q, start: String(Math.floor(fromMs / 1000)), end: String(Math.ceil(toMs / 1000)), limit: '20', spss: '3' },
    });
    return traces.length;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
