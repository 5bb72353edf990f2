import { spanOf, attributesOf } from '../queries/captured.js';
import type { CapturedSpan } from '../queries/captured.js';
import type { Asker } from './asker.js';

export interface FoundTrace {
  /** With the leading zeros that Tempo leaves out. */
  readonly traceId: string;
  readonly rootServiceName: string;
}

type Json = Readonly<Record<string, unknown>>;

const METRICS_QUERY =
  /\|\s*(?:rate|count_over_time|avg_over_time|sum_over_time|max_over_time|min_over_time|quantile_over_time|histogram_over_time|compare)\s*\(/;

/** Whether a TraceQL query computes series, which another path of the API answers. */
export function isMetricsQuery(query: string): boolean {
  return METRICS_QUERY.test(query);
}

/** Tempo's HTTP API, as far as the checks use it. */
export class TempoApi {
  readonly #asker: Asker;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  async version(): Promise<string> {
    const { version } = await this.#asker.json<{ version?: string }>('/api/status/buildinfo');
    return version ?? 'unknown';
  }

  /** The spans of a trace. Rejects if Tempo does not have it. */
  async trace(traceId: string): Promise<readonly CapturedSpan[]> {
    const answer = await this.#asker.ask(`/api/v2/traces/${traceId}`);
    // Tempo 2.6 and older know only the first version of the path; a trace that is not there is a 404 in both.
    const known = answer.status === 404 ? await this.#asker.ask(`/api/traces/${traceId}`) : answer;
    if (known.status !== 200) throw new Error(`the trace ${traceId} was answered ${known.status}: ${known.text.slice(0, 200).trim()}`);
    return spansOf(JSON.parse(known.text) as Json);
  }

  async search(q: string, fromMs: number, toMs: number, limit = 20): Promise<readonly FoundTrace[]> {
    const { traces = [] } = await this.#asker.json<{ traces?: readonly { traceID: string; rootServiceName?: string }[] }>('/api/search', {
      query: { q, start: seconds(fromMs), end: String(Number(seconds(toMs)) + 1), limit: String(limit), spss: '20' },
    });
    return traces.map(({ traceID, rootServiceName = '' }) => ({ traceId: traceID.padStart(32, '0'), rootServiceName }));
  }

  /** How many series a TraceQL metrics query gives that have a value. */
  async series(q: string, fromMs: number, toMs: number): Promise<number> {
    const { series = [] } = await this.#asker.json<{ series?: readonly { samples?: readonly unknown[] }[] }>('/api/metrics/query_range', {
      query: { q, start: seconds(fromMs), end: String(Number(seconds(toMs)) + 1), step: '15s' },
    });
    return series.filter(({ samples = [] }) => samples.length > 0).length;
  }
}

/** Both versions of the answer: with and without an outer `trace`, with the former and the present names of OTLP. */
function spansOf(answer: Json): readonly CapturedSpan[] {
  const body = (answer['trace'] ?? answer) as Json;
  const resources = list(body['resourceSpans'] ?? body['batches']);
  return resources.flatMap((each) => {
    const resource = attributesOf((each['resource'] as Json | undefined)?.['attributes']);
    return list(each['scopeSpans'] ?? each['instrumentationLibrarySpans']).flatMap((inner) => {
      const { name: scope = '' } = (inner['scope'] ?? inner['instrumentationLibrary'] ?? {}) as { readonly name?: string };
      return list(inner['spans']).map((span) => {
        const record = {
          ...span,
          traceId: hexId(span['traceId'], 32),
          spanId: hexId(span['spanId'], 16),
          parentSpanId: hexId(span['parentSpanId'], 16),
          kind: enumNumber(span['kind'], KINDS),
          status: statusOf(span['status']),
        };
        return spanOf({ record, resource, scope });
      });
    });
  });
}

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUSES = ['UNSET', 'OK', 'ERROR'];

/** Protobuf's JSON names what OTLP's JSON numbers: `SPAN_KIND_SERVER`. */
function enumNumber(value: unknown, names: readonly string[]): number {
  if (typeof value === 'number') return value;
  return Math.max(0, names.indexOf((typeof value === 'string' ? value : '').replace(/^(?:SPAN_KIND|STATUS_CODE)_/, '')));
}

function statusOf(status: unknown): Json {
  const { code, message } = (status ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return { code: enumNumber(code, STATUSES), message: message ?? '' };
}

/** Ids come in base64, as protobuf's JSON has bytes, or in hexadecimal, as OTLP's has them. */
function hexId(id: unknown, length: 16 | 32): string {
  const text = typeof id === 'string' ? id : '';
  if (text === '') return '';
  const hex = /^[0-9a-f]+$/i.test(text) && text.length === length ? text : Buffer.from(text, 'base64').toString('hex');
  return /^0*$/.test(hex) ? '' : hex.toLowerCase().padStart(length, '0');
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1000));
}
