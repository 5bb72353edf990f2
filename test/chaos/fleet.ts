import { setTimeout as wait } from 'node:timers/promises';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';

/** One replica: the built server, over HTTP, in a process of its own. */
export interface Replica {
  readonly name: string;
  /** Absent while it is down. */
  readonly url: string | undefined;
}

/** Replicas over one database, which can be killed and come back. */
export class Fleet {
  readonly #env: Readonly<Record<string, string>>;
  readonly #members: { readonly name: string; url: string | undefined; process: ServerProcess | undefined; starting: boolean }[];
  kills = 0;
  /** Replicas that could not start, because the database was away; they are started again. */
  failedStarts = 0;

  constructor(size: number, env: Readonly<Record<string, string>>) {
    this.#env = env;
    this.#members = Array.from({ length: size }, (_, index) => ({
      name: `replica-${index + 1}`,
      url: undefined,
      process: undefined,
      starting: false,
    }));
  }

  get replicas(): readonly Replica[] {
    return this.#members;
  }

  /** Addresses of the replicas that are up. */
  get urls(): readonly string[] {
    return this.#members.flatMap(({ url }) => (url === undefined ? [] : [url]));
  }

  /** Starts every replica that is down. Resolves when all have been tried once. */
  async startAll(): Promise<void> {
    await Promise.all(this.#members.map((_, index) => this.start(index)));
  }

  async start(index: number): Promise<void> {
    const member = this.#members[index];
    if (member === undefined || member.starting || member.process !== undefined) return;
    member.starting = true;
    const server = startServer([], this.#env);
    member.process = server;
    const ended = new Promise<void>((resolve) => void server.child.once('exit', () => resolve()));
    void ended.then(() => {
      if (member.process !== server) return;
      member.process = undefined;
      member.url = undefined;
    });
    const listening = server.logged('handoff.http.listening').then(({ url }) => String(url));
    listening.catch(() => undefined);
    const url = await Promise.race([listening.catch(() => undefined), ended.then(() => undefined)]);
    member.starting = false;
    if (url === undefined) {
      this.failedStarts += 1;
      await server.kill('SIGKILL');
    } else if (member.process === server) member.url = url;
  }

  /** Ends one replica at once, in the middle of whatever it does. */
  async kill(index: number): Promise<void> {
    const member = this.#members[index];
    if (member?.process === undefined || member.starting) return;
    this.kills += 1;
    member.url = undefined;
    await member.process.kill('SIGKILL');
  }

  /** Starts what is down until all are up. @throws Error when that takes longer than `timeoutMs`. */
  async heal(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.urls.length < this.#members.length) {
      if (performance.now() > deadline) throw new Error(`Only ${this.urls.length} of ${this.#members.length} replicas came back.`);
      await this.startAll();
      await wait(200);
    }
  }

  /** The last lines that each replica logged at level warn or above, for a report of what went wrong. */
  complaints(): readonly string[] {
    return this.#members.flatMap(({ name, process }) =>
      (process?.stderr ?? [])
        .filter((line) => /"level":(?:40|50|60|"(?:warn|error|fatal)")/.test(line))
        .slice(-5)
        .map((line) => `${name}: ${line.slice(0, 400)}`),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.#members.map(async ({ process }) => process?.kill('SIGTERM')));
  }
}
