import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TelemetryStore } from '../../../src/testing/telemetryStore.js';
import { ownAddress, type Address } from './address.js';
import type { Answer } from './backEnd.js';
import { overHttp } from './overHttp.js';

const READY_TIMEOUT_MS = 60_000;
/** The part of the configuration of this repository that decides what is accepted. */
const CONFIGURATION = `
otlp:
  promote_resource_attributes: [service.name, service.instance.id]
  keep_identifying_resource_attributes: true
storage:
  tsdb:
    out_of_order_time_window: 24h
`;

/** A real Prometheus whose data outlive it. */
export class Prometheus {
  readonly #binary: string;
  readonly #folder: string;
  readonly address: Address;
  #child: ChildProcess | undefined;

  private constructor(binary: string, folder: string, address: Address) {
    this.#binary = binary;
    this.#folder = folder;
    this.address = address;
  }

  static async create(binary: string, folder: string): Promise<Prometheus> {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'prometheus.yaml'), CONFIGURATION);
    const prometheus = new Prometheus(binary, folder, await ownAddress());
    await prometheus.up();
    return prometheus;
  }

  /** Starts it at its address and waits until it answers. */
  async up(): Promise<void> {
    const child = spawn(
      this.#binary,
      [
        `--config.file=${join(this.#folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${join(this.#folder, 'data')}`,
        `--web.listen-address=${this.address}`,
        '--web.enable-otlp-receiver',
        '--log.level=warn',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#child = child;
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4000)));
    const deadlineMs = performance.now() + READY_TIMEOUT_MS;
    while (!(await this.#isReady())) {
      if (child.exitCode !== null || performance.now() > deadlineMs)
        throw new Error(`Prometheus does not answer at ${this.address}. What it said:\n${complaints}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends it without warning. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** The values of an instant query, one for each series. @throws Error when Prometheus refuses the query. */
  async query(expression: string): Promise<readonly number[]> {
    const response = await fetch(`http://${this.address}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const answer = (await response.json()) as { status: string; error?: string; data: { result: { value: [number, string] }[] } };
    if (answer.status !== 'success') throw new Error(`Prometheus refused ${expression}: ${answer.error ?? ''}`);
    return answer.data.result.map(({ value }) => Number(value[1]));
  }

  async #isReady(): Promise<boolean> {
    return await fetch(`http://${this.address}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

/** Stands in front of a Prometheus, passes every request on, and keeps what was accepted. */
export interface Tap extends AsyncDisposable {
  readonly address: Address;
  readonly store: TelemetryStore;
}

export async function tapBefore(prometheus: Prometheus): Promise<Tap> {
  const store = new TelemetryStore(Number.MAX_SAFE_INTEGER);
  const address = await ownAddress();
  const pass = async (body: Buffer): Promise<Answer> => {
    const response = await fetch(`http://${prometheus.address}/api/v1/otlp/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(body),
    }).catch(() => undefined);
    if (response?.ok !== true) return 'refusal';
    store.accept('metrics', 'protobuf', body);
    return 'success';
  };
  const listener = await overHttp(address, async (_, body, answer) => answer(await pass(body)));
  return { address, store, [Symbol.asyncDispose]: () => listener.close() };
}
