import { randomBytes } from 'node:crypto';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { pipelineMetrics, type PipelineMetrics } from '../../../src/telemetry/catalogue/pipeline.js';
import { promName } from '../../../src/telemetry/promName.js';
import { startServer, type ServerProcess } from '../../setup/serverProcess.js';

const PAUSE_MS = 40;
const SETTLE_TIMEOUT_MS = 60_000;
const METRIC_INTERVAL_MS = 1000;

/** What the server's own SDK counted of spans, or of log records. */
export interface SdkLedger {
  /** Left the queue for the exporter, or were dropped. */
  readonly made: number;
  /** Did not fit in the queue. */
  readonly dropped: number;
  readonly exported: number;
  /** Export failed: refused, or no answer in time. */
  readonly failed: number;
}

/** The built server with a client that calls it steadily. */
export class LoadedServer {
  readonly serviceName: string;
  /** Trace ids of the calls that succeeded since the load began. */
  readonly calls = new Set<string>();
  failedCalls = 0;
  readonly #server: ServerProcess;
  readonly #client: Client;
  readonly #adminUrl: string;
  readonly #session: string;
  #isStopped = true;
  #loop: Promise<void> = Promise.resolve();

  private constructor(parts: { serviceName: string; server: ServerProcess; client: Client; adminUrl: string; session: string }) {
    this.serviceName = parts.serviceName;
    this.#server = parts.server;
    this.#client = parts.client;
    this.#adminUrl = parts.adminUrl;
    this.#session = parts.session;
  }

  static async start(databaseUrl: string, endpoint: string, env: Readonly<Record<string, string>> = {}): Promise<LoadedServer> {
    const serviceName = `outage-server-${randomBytes(4).toString('hex')}`;
    const server = startServer([], {
      DATABASE_URL: databaseUrl,
      HANDOFF_HTTP_PORT: '0',
      HANDOFF_ADMIN_PORT: '0',
      OTEL_SERVICE_NAME: serviceName,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_METRIC_EXPORT_INTERVAL: String(METRIC_INTERVAL_MS),
      // Jobs make spans at times of their own, and checks of the health a record when they find that telemetry does not arrive: what the
      // server makes here is what the client causes.
      HANDOFF_JOBS_ENABLED: 'false',
      HANDOFF_HEALTH_CHECK_INTERVAL_MS: '3600000',
      ...env,
    });
    const { url, adminUrl } = await listening(server);
    const client = new Client({ name: 'outage', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(String(url))));
    const session = `outage-${randomBytes(4).toString('hex')}`;
    await client.callTool({ name: 'register_session', arguments: { sessionKey: session, agentFrom: 'outage' } });
    return new LoadedServer({ serviceName, server, client, adminUrl: String(adminUrl), session });
  }

  /** Calls it again and again, one call at a time, until `rest()`. */
  load(): void {
    this.calls.clear();
    this.#isStopped = false;
    this.#loop = (async () => {
      while (!this.#isStopped) {
        await this.#call();
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    })();
  }

  /** Ends the load and waits until nothing is left in the SDK's queues. */
  async rest(): Promise<void> {
    this.#isStopped = true;
    await this.#loop;
    const deadlineMs = performance.now() + SETTLE_TIMEOUT_MS;
    while (!(await this.#isSettled())) {
      if (performance.now() > deadlineMs) throw new Error('The server still has telemetry to send: is there a collector at its endpoint?');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async ledger(signal: 'span' | 'log'): Promise<SdkLedger> {
    return ledgerOf(await this.#metrics(), pipelineMetrics[signal]);
  }

  async end(): Promise<void> {
    await this.#client.close();
    await this.#server.kill('SIGTERM');
  }

  async #call(): Promise<void> {
    const traceId = randomBytes(16).toString('hex');
    const answer = await this.#client.callTool({
      name: 'update_context',
      arguments: { sessionKey: this.#session, contextType: 'message', content: 'An entry.' },
      _meta: { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` },
    });
    if (answer.isError === true) this.failedCalls += 1;
    else this.calls.add(traceId);
  }

  async #isSettled(): Promise<boolean> {
    const text = await this.#metrics();
    return [pipelineMetrics.span, pipelineMetrics.log].every((metrics) => {
      const { made, dropped, exported, failed } = ledgerOf(text, metrics);
      const waiting = sumOf(text, metrics.queueSize) + sumOf(text, metrics.inflight);
      return waiting === 0 && made === dropped + exported + failed;
    });
  }

  async #metrics(): Promise<string> {
    return await (await fetch(new URL('/metrics', this.#adminUrl))).text();
  }
}

/** Where it listens. A machine that builds something meanwhile takes its time, hence the attempts. */
async function listening(server: ServerProcess, attempts = 6): Promise<Record<string, unknown>> {
  try {
    return await server.logged('handoff.http.listening');
  } catch (error) {
    if (attempts > 1 && server.child.exitCode === null) return await listening(server, attempts - 1);
    throw error;
  }
}

type Definition = PipelineMetrics['processed'];

function ledgerOf(text: string, { processed, exported }: PipelineMetrics): SdkLedger {
  const failed = (labels: string): boolean => labels.includes('error_type=');
  const made = sumOf(text, processed);
  const dropped = sumOf(text, processed, failed);
  const allExported = sumOf(text, exported);
  const failedExports = sumOf(text, exported, failed);
  return { made, dropped, exported: allExported - failedExports, failed: failedExports };
}

function sumOf(text: string, { name, unit, kind }: Definition, wanted: (labels: string) => boolean = () => true): number {
  const series = new RegExp(`^${promName(name, unit, kind)}\\{(.*)\\} (\\S+)`, 'gm');
  return [...text.matchAll(series)].reduce((sum, [, labels = '', value]) => (wanted(labels) ? sum + Number(value) : sum), 0);
}
