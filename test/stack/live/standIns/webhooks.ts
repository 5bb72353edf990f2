import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One alert of one notification, as Alertmanager sent it. */
export interface Notified {
  /** Which receiver it was sent to. */
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** When it arrived, by `performance.now()`. */
  readonly atMs: number;
}

/** Where the receivers of Alertmanager send to: keeps every alert of every notification, in order. */
export interface Webhooks extends AsyncDisposable {
  urlOf(receiver: string): string;
  readonly notified: readonly Notified[];
  /** From now on, answers this receiver with 400, which Alertmanager does not try again, until it is called without a name. */
  refuse(receiver?: string): void;
}

interface Body {
  readonly alerts: readonly Pick<Notified, 'status' | 'labels' | 'annotations'>[];
}

export async function startWebhooks(): Promise<Webhooks> {
  const notified: Notified[] = [];
  let refused: string | undefined;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const receiver = (request.url ?? '').slice(1);
      if (receiver === refused) throw new Error('The receiver is set to refuse.');
      const { alerts } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body;
      for (const { status, labels, annotations } of alerts)
        notified.push({ receiver, status, labels, annotations, atMs: performance.now() });
      response.end();
    })().catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    notified,
    urlOf: (receiver) => `http://127.0.0.1:${port}/${receiver}`,
    refuse: (receiver) => {
      refused = receiver;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
