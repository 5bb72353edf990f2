import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The counters of Tempo, Loki and Grafana that rules and boards read: these three cannot be had here, so a fault of theirs is set by hand. */
export interface BackEndMetrics extends AsyncDisposable {
  /** host:port to scrape. */
  readonly target: string;
  /** Adds to a counter, named with its labels as in the text format. */
  add(series: string, amount: number): void;
  /** From now on, it answers no scrape, until it is called with `false`. */
  breakDown(isDown: boolean): void;
}

export async function startBackEndMetrics(series: readonly string[]): Promise<BackEndMetrics> {
  const values = new Map(series.map((name) => [name, 0]));
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
