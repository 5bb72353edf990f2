import { readFileSync } from 'node:fs';

/** Median, and the smallest and the largest of the rounds. */
export interface Measured {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One set-up of collectors at one rate. */
export interface RateFigures {
  readonly setUp: string;
  /** 0: as many as were taken. */
  readonly askedSpansPerSecond: number;
  readonly spansPerSecond: Measured;
  readonly logRecordsPerSecond: Measured;
  readonly pointsPerSecond: Measured;
  /** CPU of all collectors, in cores. */
  readonly cores: Measured;
  readonly generatorCores: Measured;
  /** The most that all collectors held together, bytes. */
  readonly residentBytes: Measured;
  /** Requests that were not answered with success, in all rounds. */
  readonly refusedRequests: number;
}

/** What one unit of telemetry costs: from these the sizes in docs/sizing.md are calculated. */
export interface UnitFigures {
  /** Of one successful call of `update_context` on the real server. */
  readonly spansPerCall: number;
  readonly logRecordsPerCall: number;
  /** Data points of one export of the server's metrics after such calls. */
  readonly pointsPerExport: number;
  /** Bytes of one item as the server sends it (protobuf, not compressed), with its share of the request. */
  readonly wireBytes: { readonly span: number; readonly logRecord: number; readonly point: number };
  /** Bytes of one item as the collector sends it on (gzip). */
  readonly sentBytes: { readonly span: number; readonly logRecord: number; readonly point: number };
  /** Bytes of the files of the collector's queue for each span, log record or point in it, all signals together. */
  readonly queueBytesPerItem: number;
  /** Series in Prometheus, by OTLP. */
  readonly series: {
    readonly server: number;
    /** What a collector makes of the spans of a service's calls. */
    readonly derived: number;
    readonly collector: number;
    /** A server with one tool more: what the tool adds when it has succeeded, and when it has failed as well. */
    readonly perToolSucceeding: number;
    readonly perToolFailingToo: number;
  };
  /** Bytes of /metrics of a server with 100 tools that succeeded and failed. */
  readonly scrapeBytesOf100Tools: number;
}

export interface Figures {
  readonly command: string;
  readonly date: string;
  readonly machine: readonly string[];
  readonly loadAverage: number;
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly rates: readonly RateFigures[];
  readonly units: UnitFigures;
}

export const figuresFile = new URL('./figures.json', import.meta.url);

/** What `npm run bench collector -- --write` measured last. */
export function readFigures(): Figures {
  return JSON.parse(readFileSync(figuresFile, 'utf8')) as Figures;
}
