import { allBoards } from '../../../../dashboards/src/boards/all.js';
import type { MetricQuery, PanelSpec } from '../../../../dashboards/src/panels/spec.js';

/** A panel, with where it is for messages. */
export interface Placed {
  readonly where: string;
  readonly board: string;
  readonly panel: PanelSpec;
}

export const allPanels: readonly Placed[] = allBoards().flatMap(({ identity, rows }) =>
  rows.flatMap(({ title, panels }) =>
    panels.map((panel) => ({ where: `${identity.uid} / ${title} / ${panel.title}`, board: identity.uid, panel })),
  ),
);

/** Every query of PromQL. */
export const metricQueries: readonly (Placed & { readonly query: MetricQuery; readonly index: number })[] = allPanels.flatMap((placed) =>
  placed.panel.queries.flatMap((query, index) => (query.source === 'prometheus' ? [{ ...placed, query, index }] : [])),
);
