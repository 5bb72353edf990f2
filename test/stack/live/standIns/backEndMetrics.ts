import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The counters of Tempo and Loki that rules and boards read: these two cannot be had here, so a fault of theirs is set by hand. */
export interface BackEndMetrics extends AsyncDisposable {
  /** host:port to scrape. */
  readonly target: string;
  /** Adds to a counter. */
  add(series: string, amount: number): void;
  /** From now on, it answers no scrape, until it is called with `false`. */
  breakDown(isDown: boolean): void;
}

/** As in the text format. */
export const discarded = {
  spans: 'tempo_discarded_spans_total{reason="live_traces_exceeded",tenant="single-tenant"}',
  lines: 'loki_discarded_samples_total{reason="line_too_long",tenant="fake"}',
} as const;
const RECEIVED = ['tempo_distributor_spans_received_total{tenant="single-tenant"}', 'loki_distributor_lines_received_total{tenant="fake"}'];

export async function startBackEndMetrics(): Promise<BackEndMetrics> {
  const values = new Map([...Object.values(discarded), ...RECEIVED].map((name) => [name, 0]));
  let isDown = false;
  const server = createServer((_, response) => {
    if (isDown) response.writeHead(503).end();
    else {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end([...values].map(([name, value]) => `${name} ${value}\n`).join(''));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (name, amount) => void values.set(name, (values.get(name) ?? 0) + amount),
    breakDown: (down) => {
      isDown = down;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
