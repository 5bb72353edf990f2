import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import vm from 'node:vm';
import { secretOf } from '../secret.js';
import { attempt, put } from './host.js';
import type { Libraries } from './host.js';

/** Where the test put secrets before the process started, and what a process can say of itself. */
export async function putIntoProcess({ handle }: Libraries): Promise<void> {
  await put('command line', () => process.argv);
  await put('environment', () => process.env['CANARY_TOKEN']);
  for (const name of ['HANDOFF_FLUSH_TIMEOUT_MS', 'OTEL_METRIC_EXPORT_INTERVAL', 'OTEL_TRACES_SAMPLER_ARG'])
    await put(`notice: impossible value of ${name}`, () => process.env[name]);
  await put('working directory', () => process.cwd());
  await put('home folder', () => process.env['HOME']);
  await put('process title', (secret) => {
    process.title = secret;
    return process.title;
  });
  await put('kept: file name in a stack frame', (secret) => {
    const error = vm.runInThisContext('new Error("e")', { filename: `/app/${secret}.js` }) as Error;
    const span = handle.tracer.startSpan('canary host');
    span.recordException(error);
    span.end();
    return error.stack;
  });
  await putIntoHttpClient();
}

/** No HTTP instrumentation is ours; nothing of a request may turn up all the same. */
async function putIntoHttpClient(): Promise<void> {
  const server = createServer((request, response) => response.end(JSON.stringify([request.url, request.headers])));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await put(
    'URL of a request sent',
    async (secret) =>
      await (await fetch(`http://127.0.0.1:${port}/${secret}?key=${secret}`, { headers: { authorization: secret } })).text(),
  );
  await put('user and password in a URL', async (secret) => [
    secret,
    await attempt(() => fetch(`http://user:${secret}@127.0.0.1:${port}/`)),
  ]);
  await new Promise((resolve) => server.close(resolve));
}

/** What the test gives a process before it starts. */
export function secretsBeforeStart(): {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
} {
  return {
    args: [`--password=${secretOf('command line')}`, secretOf('command line')],
    env: {
      CANARY_TOKEN: secretOf('environment'),
      // A secret pasted into the wrong variable.
      HANDOFF_FLUSH_TIMEOUT_MS: secretOf('notice: impossible value of HANDOFF_FLUSH_TIMEOUT_MS'),
      OTEL_METRIC_EXPORT_INTERVAL: secretOf('notice: impossible value of OTEL_METRIC_EXPORT_INTERVAL'),
      OTEL_TRACES_SAMPLER_ARG: secretOf('notice: impossible value of OTEL_TRACES_SAMPLER_ARG'),
      HOME: `/nowhere/${secretOf('home folder')}`,
    },
    folder: `canary-${secretOf('working directory')}`,
  };
}
