import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumFlags, chromiumProgram } from './chromium.js';

const START_MS = 60_000;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** A page in a headless Chromium, as its DevTools see it. */
export interface DevTools {
  /** Everything that the page told of so far, by the name of its event. */
  readonly events: readonly { readonly method: string; readonly params: Record<string, unknown> }[];
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** Opens an address, and resolves when all of it is loaded. */
  open(url: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts a Chromium with a profile of its own and an empty page. */
export async function openDevTools(): Promise<DevTools> {
  const profile = await mkdtemp(join(tmpdir(), 'handoff-chromium-'));
  const flags = [...chromiumFlags, `--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank'];
  const child = spawn(chromiumProgram(), flags, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const ended = once(child, 'close');
  ended.catch(() => undefined);
  const close = async (): Promise<void> => {
    // With its renderers, which would write into the profile while it is removed.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    await ended.catch(() => undefined);
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    const address = await listening(child.stderr, ended);
    const page = await pageAddress(address);
    return { ...(await connected(page)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The address that Chromium prints once it listens. */
async function listening(stderr: NodeJS.ReadableStream, ended: Promise<unknown>): Promise<URL> {
  let text = '';
  const found = new Promise<URL>((resolve) =>
    stderr.on('data', (chunk) => {
      text += String(chunk);
      const [, address] = /DevTools listening on (ws:\S+)/.exec(text) ?? [];
      if (address !== undefined) resolve(new URL(address));
    }),
  );
  const failed = ended.then(
    () => Promise.reject(new Error(`Chromium ended:\n${text}`)),
    (error: unknown) =>
      Promise.reject(
        new Error('Chromium cannot be started: install the package chromium, or name the program in CHROMIUM', { cause: error }),
      ),
  );
  return Promise.race([found, failed, late(START_MS)]);
}

function late(limitMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`Chromium does not listen after ${limitMs} ms`)), limitMs).unref();
  });
}

async function pageAddress({ host }: URL): Promise<string> {
  const targets = (await (await fetch(`http://${host}/json/list`)).json()) as { type: string; webSocketDebuggerUrl: string }[];
  const page = targets.find(({ type }) => type === 'page');
  if (page === undefined) throw new Error(`Chromium has no page: ${JSON.stringify(targets)}`);
  return page.webSocketDebuggerUrl;
}

async function connected(address: string): Promise<Omit<DevTools, 'close'>> {
  const socket = new WebSocket(address);
  await once(socket, 'open');
  const events: { method: string; params: Record<string, unknown> }[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  const listeners = new Set<(method: string) => void>();
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    if (message.method === undefined) return;
    events.push({ method: message.method, params: message.params ?? {} });
    for (const listener of listeners) listener(message.method);
  });
  let lastId = 0;
  const send: DevTools['send'] = (method, params = {}) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, ({ result, error }) =>
        error === undefined ? resolve(result ?? {}) : reject(new Error(`${method}: ${error.message}`)),
      );
      socket.send(JSON.stringify({ id: lastId, method, params }));
    });
  for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await send(`${domain}.enable`);
  return {
    events,
    send,
    evaluate: async (expression) => {
      const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
      if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
      return (result as { value?: unknown }).value;
    },
    open: async (url) => {
      const loaded = new Promise<void>((resolve) => {
        const listener = (method: string): void => {
          if (method !== 'Page.loadEventFired') return;
          listeners.delete(listener);
          resolve();
        };
        listeners.add(listener);
      });
      await send('Page.navigate', { url });
      await loaded;
    },
  };
}
