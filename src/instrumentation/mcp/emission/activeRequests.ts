import type { Attributes, Meter } from '@opentelemetry/api';
import type { MetricDefinition } from '../../../telemetry/catalogue/definitions.js';
import { mcpMetrics } from '../../../telemetry/catalogue/mcp.js';
import { ATTR_MCP_METHOD_NAME, ATTR_NETWORK_TRANSPORT } from '../../../telemetry/semconv.js';
import type { Direction } from '../message/direction.js';
import type { Cell, Cells } from '../profiles/profile.js';

/**
 * Counts open requests by method and transport. The counts are plain numbers, read when metrics are collected: two points
 * per request would cost more than the span's attributes without saying more.
 */
export class ActiveRequests implements Cells {
  readonly #cells: Record<Direction, Map<string, Cell & { readonly attributes: Attributes }>> = { received: new Map(), sent: new Map() };
  #stop: () => void = () => undefined;
  /** Called before the counts are read, to end operations that are open on connections that are gone. */
  beforeReport: (() => void) | undefined;

  constructor(meter: Meter) {
    this.reportTo(meter);
  }

  /** Reports the counts to `meter` from now on, no longer to the previous one. Open requests stay counted. */
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

  /** Notifications have no response: they are never open, and not reported. */
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

  readonly stop = (): void => {
    this.#stop();
  };

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
          // It keeps observing zeros; everything else is still restored.
        }
      };
    } catch {
      // If a meter rejects the instrument, only this metric is lost.
      return () => undefined;
    }
  }
}
