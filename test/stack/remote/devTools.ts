import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { chromiumFlags, chromiumProgram } from '../../browser/chromium.js';
import { DevToolsConnection } from './devToolsConnection.js';
import { PageRequests } from './pageRequests.js';
import type { FailedRequest } from './pageRequests.js';

/** Tall enough for every panel of a board to be in view: Grafana asks for the data of what is seen. */
const VIEW = { width: 1800, height: 12_000, deviceScaleFactor: 1, mobile: false } as const;

/** One page of a headless Chromium. */
export interface Browser {
  /** Goes to an address, and resolves when its document is loaded. */
  open(url: string): Promise<void>;
  /** The JSON value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** Requests of the present page for data that are not answered yet. */
  openRequests(): number;
  /** Requests of the present page for data that were answered with 400 or above. */
  failedRequests(): readonly FailedRequest[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the browser, which sends `headers` with every request. Rejects with what to do when it cannot be started. */
export async function openBrowser(headers: Readonly<Record<string, string>>): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'handoff-chromium-'));
  // Commands go through a pipe: no port of this machine is open to anybody.
  const child = spawn(chromiumProgram(), [...chromiumFlags, `--user-data-dir=${profile}`, '--remote-debugging-pipe', 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = once(child, 'close').catch((error: unknown) => {
    throw new Error(`${chromiumProgram()} cannot be started: install the package chromium, or name the program in CHROMIUM`, {
      cause: error,
    });
  });
  const close = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
    await ended.catch(() => undefined);
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  const connection = new DevToolsConnection(child.stdio[3] as Writable, child.stdio[4] as Readable, ended);
  try {
    return await openPage(connection, headers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPage(
  connection: DevToolsConnection,
  headers: Readonly<Record<string, string>>,
  close: () => Promise<void>,
): Promise<Browser> {
  const { targetId } = await connection.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await connection.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
  const send = <T>(method: string, params: object = {}): Promise<T> => connection.send<T>(method, params, sessionId);
  const requests = new PageRequests();
  connection.listen((method, params) => requests.notice(method, params));
  await send('Page.enable');
  await send('Network.enable');
  await send('Network.setExtraHTTPHeaders', { headers });
  await send('Emulation.setDeviceMetricsOverride', VIEW);
  return {
    open: async (url) => {
      requests.forget();
      const loaded = connection.event('Page.loadEventFired');
      const { errorText } = await send<{ errorText?: string }>('Page.navigate', { url });
      if (errorText !== undefined) throw new Error(`${url} cannot be opened: ${errorText}`);
      await loaded;
    },
    evaluate: async (expression) => {
      const answer = await send<{ result: { value?: unknown }; exceptionDetails?: { text: string; exception?: { description?: string } } }>(
        'Runtime.evaluate',
        { expression, returnByValue: true, awaitPromise: true },
      );
      const { exceptionDetails: thrown } = answer;
      if (thrown !== undefined) throw new Error(`the page threw ${thrown.exception?.description ?? thrown.text}`);
      return answer.result.value;
    },
    openRequests: () => requests.open,
    failedRequests: () => requests.failed,
    [Symbol.asyncDispose]: close,
  };
}
