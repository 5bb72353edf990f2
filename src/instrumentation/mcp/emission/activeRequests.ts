import type { Attributes, Meter } from '@opentelemetry/api';
import type { MetricDefinition } from '../../../telemetry/catalogue/definitions.js';
import { mcpMetrics } from '../../../telemetry/catalogue/mcp.js';
import { ATTR_MCP_METHOD_NAME, ATTR_NETWORK_TRANSPORT } from '../../../telemetry/semconv.js';
import type { Direction } from '../message/direction.js';
import type { Cell, Cells } from '../profiles/profile.js';

/**
 * Counts open requests by method and transport. Counted in plain numbers and read when metrics are collected: two points
 * a request would cost more than the span's attributes, and say no more.
 */
export class ActiveRequests implements Cells {
  readonly #cells: Record<Direction, Map<string, Cell & { readonly attributes: Attributes }>> = { received: new Map(), sent: new Map() };
  #stop: () => void = () => undefined;
  /** Called before numbers are read: the time to end what is open on connections nobody has any more. */
  beforeReport: (() => void) | undefined;

  constructor(meter: Meter) {
    this.reportTo(meter);
  }

  /** From now on the numbers are read by `meter`, and no longer by the one before. What is open stays counted. */
  reportTo(meter: Meter): void {
    this.#stop();
    const stops = [
      this.#observe(meter, 'received', mcpMetrics.serverActiveRequests),
      this.#observe(meter, 'sent', mcpMetrics.clientActiveRequests),
    ];
    this.#stop = () => {
      for (const stop of stops) stop();
    };
  }

  /** Nobody answers notifications: they are never open, and not reported. */
  cell(direction: Direction, method: string, transport: string | undefined): Cell {
    if (method.startsWith('notifications/')) return { open: 0 };
    const cells = this.#cells[direction];
    const key = `${method} ${transport ?? ''}`;
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = {
        open: 0,
        attributes: { [ATTR_MCP_METHOD_NAME]: method, ...(transport === undefined ? {} : { [ATTR_NETWORK_TRANSPORT]: transport }) },
      };
      cells.set(key, cell);
    }
    return cell;
  }

  stop(): void {
    this.#stop();
  }

  #observe(meter: Meter, direction: Direction, { name, unit, description }: MetricDefinition): () => void {
    try {
      const counter = meter.createObservableUpDownCounter(name, { unit, description });
      const report = (result: { observe(value: number, attributes: Attributes): void }): void => {
        this.beforeReport?.();
        for (const { open, attributes } of this.#cells[direction].values()) result.observe(open, attributes);
      };
      counter.addCallback(report);
      return () => {
        try {
          counter.removeCallback(report);
        } catch {
          // It goes on observing zeros; what else is to be restored still is.
        }
      };
    } catch {
      // A meter that refuses the instrument costs the metric only.
      return () => undefined;
    }
  }
}
