import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { init } from 'autotel';
import { instrumentMcpClient } from 'autotel-mcp-instrumentation/client';
import { instrumentMcpServer } from 'autotel-mcp-instrumentation/server';
import { z } from 'zod';

const sdk = { Client, InMemoryTransport, McpServer, z };
// Of the README's options the one that tells the network; it captures arguments there for show, ours captures none either.
const config = { networkTransport: 'pipe' };

/**
 * As the README has it: `init()` starts autotel's own SDK, here with the end of our pipeline in place of OTLP. Without it no span is made.
 */
function start({ createPipelineEnd }) {
  const { sink, spanProcessor, metricReader } = createPipelineEnd();
  init({ service: 'bench', spanProcessors: [spanProcessor], metricReaders: [metricReader] });
  return { sink, wrapServer: (server) => instrumentMcpServer(server, config) };
}

export function openServer(bench) {
  return bench.openPair(start(bench), sdk);
}

export function openBothEnds(bench) {
  return bench.openPair({ ...start(bench), wrapClient: (client) => instrumentMcpClient(client, config) }, sdk);
}
