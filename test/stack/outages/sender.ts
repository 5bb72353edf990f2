import { randomBytes } from 'node:crypto';
import { itemKinds, signalOf, type ItemKind } from './takings.js';

const ITEMS_PER_REQUEST = 10;
const PAUSE_MS = 50;
const TIMEOUT_MS = 15_000;
const MS_IN_NS = 1_000_000n;

/** What was told to a sender about the items it sent. */
export interface SenderLedger {
  /** The collector answered with success. */
  readonly acknowledged: Set<string>;
  /** The collector answered with an error. */
  readonly refused: Set<string>;
  /** The connection could not be made, or ended without an answer: the items may have been accepted or not. */
  readonly unanswered: Set<string>;
}

/** Sends requests of every signal, one after the other and each once, and notes what it was told. It has no telemetry SDK. */
export class Sender {
  readonly serviceName = `outage-sender-${randomBytes(4).toString('hex')}`;
  readonly ledgers: Readonly<Record<ItemKind, SenderLedger>> = { spans: empty(), metric_points: empty(), log_records: empty() };
  readonly #endpoint: string;
  readonly #resource: object;
  #isStopped = false;
  readonly #loops: readonly Promise<void>[];

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
    this.#resource = { attributes: [attribute('service.name', this.serviceName), attribute('service.instance.id', 'sender')] };
    this.#loops = itemKinds.map((kind) => this.#loop(kind));
  }

  /** Resolves when the last answer has come. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#loops);
  }

  async #loop(kind: ItemKind): Promise<void> {
    while (!this.#isStopped) {
      const { keys, payload } = this.#request(kind);
      const ledger = this.ledgers[kind];
      const told = await post(`${this.#endpoint}/v1/${signalOf[kind]}`, payload);
      for (const key of keys) ledger[told].add(key);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  #request(kind: ItemKind): { readonly keys: readonly string[]; readonly payload: object } {
    const timeUnixNano = String(BigInt(Date.now()) * MS_IN_NS);
    const ids = Array.from({ length: ITEMS_PER_REQUEST }, () => randomBytes(8).toString('hex'));
    const traceId = randomBytes(16).toString('hex');
    const [resource, scope] = [this.#resource, { name: 'outage' }];
    switch (kind) {
      case 'spans': {
        const times = { startTimeUnixNano: timeUnixNano, endTimeUnixNano: timeUnixNano };
        const spans = ids.map((spanId) => ({ traceId, spanId, name: 'sent', kind: 1, ...times }));
        return { keys: ids, payload: { resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] } };
      }
      case 'metric_points': {
        const dataPoints = ids.map((_, index) => ({
          timeUnixNano,
          startTimeUnixNano: timeUnixNano,
          asDouble: index,
          attributes: [attribute('index', String(index))],
        }));
        const metrics = [{ name: POINT, gauge: { dataPoints } }];
        const keys = ids.map((_, index) => `sender ${POINT} ${JSON.stringify([['index', String(index)]])} ${timeUnixNano}`);
        return { keys, payload: { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] } };
      }
      case 'log_records': {
        const logRecords = ids.map((spanId) => ({ timeUnixNano, traceId, spanId, severityNumber: 9, body: { stringValue: spanId } }));
        return { keys: ids, payload: { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] } };
      }
    }
  }
}

/** The gauge of which a sender sends ten series. */
export const POINT = 'outage.sent';

function empty(): SenderLedger {
  return { acknowledged: new Set(), refused: new Set(), unanswered: new Set() };
}

function attribute(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

async function post(url: string, payload: object): Promise<keyof SenderLedger> {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(payload), signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.text();
    return response.ok ? 'acknowledged' : 'refused';
  } catch {
    return 'unanswered';
  }
}
