import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ToolServerOptions {
  readonly serviceName: string;
  /** Of Prometheus' OTLP receiver. */
  readonly endpoint: string;
  readonly tools: number;
  /** Each tool fails once after it has succeeded once. */
  readonly fails: boolean;
}

/** Runs a server with many tools until each was called and its metrics have been sent; returns the size of its /metrics in bytes. */
export async function runToolServer({ serviceName, endpoint, tools, fails }: ToolServerOptions): Promise<number> {
  const child = fork(fileURLToPath(new URL('./toolServerProcess.ts', import.meta.url)), [String(tools), String(fails)], {
    execArgv: ['--import', new URL('../../../tools/resolveSource.mjs', import.meta.url).href],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      OTEL_SERVICE_NAME: serviceName,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${endpoint}/v1/metrics`,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    },
  });
  const gone = once(child, 'exit') as Promise<[number | null]>;
  const first = await Promise.race([once(child, 'message') as Promise<[number]>, gone.then(() => undefined)]);
  const [code] = await gone;
  if (first === undefined || code !== 0)
    throw new Error(`The server with ${tools} tools ended with ${String(code)}: see its output above.`);
  return first[0];
}
