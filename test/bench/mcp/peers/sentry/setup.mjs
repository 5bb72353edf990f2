import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import * as Sentry from '@sentry/node';
import { z } from 'zod';

const sdk = { Client, InMemoryTransport, McpServer, z };

/** As Sentry's documentation has it, every trace kept; the transport counts what it is given and drops it before it is serialised. */
export function open({ openPair }) {
  const sink = { spans: 0, keeping: false, kept: [], flush: () => Sentry.flush(2000), points: async () => new Map() };
  const transport = () => ({
    send: async ([, items]) => {
      for (const [header, payload] of items) count(sink, header.type, payload);
      return {};
    },
    flush: async () => true,
  });
  Sentry.init({ dsn: 'https://key@bench.invalid/1', tracesSampleRate: 1, transport });
  return openPair({ sink, wrapServer: (server) => Sentry.wrapMcpServerWithSentry(server) }, sdk);
}

/** A transaction is the root span with its children; a stream of spans comes as a list of them. */
function count(sink, type, payload) {
  if (type === 'transaction') {
    sink.spans += 1 + (payload.spans?.length ?? 0);
    if (sink.keeping) sink.kept.push({ name: payload.transaction, attributes: payload.contexts?.trace?.data ?? {} });
  } else if (type === 'span') {
    const spans = payload.items ?? [];
    sink.spans += spans.length;
    if (sink.keeping) sink.kept.push(...spans.map(({ name, attributes }) => ({ name, attributes: plain(attributes) })));
  }
}

function plain(attributes = {}) {
  return Object.fromEntries(Object.entries(attributes).map(([key, held]) => [key, held?.value ?? held]));
}
