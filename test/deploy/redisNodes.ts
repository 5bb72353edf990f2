import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../setup/freePort.js';
import { redisBinary } from '../setup/redisBinary.js';
import { root } from '../unit/deploy/composeFile.js';
import { haproxy } from './haproxy.js';

type Role = 'node' | 'sentinel';

interface Ports {
  readonly redis: number;
  readonly sentinel: number;
  readonly mcp: number;
  readonly admin: number;
}

/**
 * The Redis of the profile ha as programs: the script and the proxy's configuration that the Compose file mounts. Each container has
 * an address of its own on the loopback network, and the ports are free ones.
 */
export class RedisNodes {
  readonly addresses: Readonly<Record<string, string>>;
  readonly #work = mkdtempSync(join(tmpdir(), 'handoff-failover-'));
  readonly #children = new Map<string, ChildProcess>();
  readonly #ports: Ports;

  private constructor(ports: Ports) {
    this.#ports = ports;
    const network = `127.${20 + Math.floor(Math.random() * 200)}.${Math.floor(Math.random() * 250)}`;
    const names = ['redis-1', 'redis-2', 'sentinel-1', 'sentinel-2', 'sentinel-3', 'proxy'];
    this.addresses = Object.fromEntries(names.map((name, index) => [name, `${network}.${index + 1}`]));
  }

  static async create(): Promise<RedisNodes> {
    return new RedisNodes({ redis: await freePort(), sentinel: await freePort(), mcp: await freePort(), admin: await freePort() });
  }

  /** Starts a container's program, or starts it again. */
  async start(name: string): Promise<void> {
    const role: Role = name.startsWith('sentinel') ? 'sentinel' : 'node';
    const address = this.#address(name);
    const data = join(this.#work, name);
    mkdirSync(data, { recursive: true });
    const { command, env } = await redisBinary();
    const script = join(root, 'deploy/compose/redis/run.sh');
    this.#spawn(name, script, [role, address, '--bind', address], {
      ...env,
      PATH: `${dirname(command)}:${String(process.env['PATH'])}`,
      REDIS_FIRST: this.#address('redis-1'),
      SENTINELS: ['sentinel-1', 'sentinel-2', 'sentinel-3'].map((other) => this.#address(other)).join(' '),
      REDIS_PORT: String(this.#ports.redis),
      SENTINEL_PORT: String(this.#ports.sentinel),
      REDIS_DATA: data,
    });
  }

  async startProxy(): Promise<void> {
    const { redis, mcp, admin } = this.#ports;
    const proxy = this.#address('proxy');
    const text = readFileSync(join(root, 'deploy/compose/haproxy.cfg'), 'utf8')
      .replace(/\b(redis-[12]):6379/g, (_, name: string) => `${this.#address(name)}:${redis}`)
      .replace(/\bhandoff-[12]:3000/g, `${proxy}:1`)
      .replace('bind :3000', `bind ${proxy}:${mcp}`)
      .replace('bind :6379', `bind ${proxy}:${redis}`)
      .replace('bind :8404', `bind ${proxy}:${admin}`);
    const file = join(this.#work, 'haproxy.cfg');
    writeFileSync(file, text);
    const { command, env } = await haproxy();
    this.#spawn('proxy', command, ['-db', '-f', file], env);
  }

  /** Ends a container's program at once, as a crash does. */
  async kill(name: string): Promise<void> {
    const child = this.#children.get(name);
    this.#children.delete(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** The answer to a command, on a connection of its own; undefined if there is none. */
  async ask(name: string, ...[command = 'PING', ...args]: readonly string[]): Promise<unknown> {
    const port = name.startsWith('sentinel') ? this.#ports.sentinel : this.#ports.redis;
    const client = new Redis(port, this.#address(name), {
      lazyConnect: true,
      retryStrategy: () => null,
      commandTimeout: 1000,
      connectTimeout: 1000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.call(command, ...args);
    } catch {
      return undefined;
    } finally {
      client.disconnect();
    }
  }

  /** What the program said when it started. */
  said(name: string): string {
    return readFileSync(join(this.#work, `${name}.log`), 'utf8');
  }

  /** The end of what each program said. */
  logs(): string {
    return Object.keys(this.addresses)
      .map((name) => `--- ${name}\n${this.said(name).split('\n').slice(-15).join('\n')}`)
      .join('\n');
  }

  pidOf(name: string): number | undefined {
    return this.#children.get(name)?.pid;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#children.keys()].map((name) => this.kill(name)));
    rmSync(this.#work, { recursive: true, force: true });
  }

  #address(name: string): string {
    const address = this.addresses[name];
    if (address === undefined) throw new Error(`There is no ${name}.`);
    return address;
  }

  #spawn(name: string, command: string, args: readonly string[], env: Readonly<Record<string, string | undefined>>): void {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(join(this.#work, `${name}.log`));
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.#children.set(name, child);
  }
}
