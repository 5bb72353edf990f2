import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { TAG } from '../panels/links.js';
import type { BoardSpec, PanelSpec, RowSpec } from '../panels/spec.js';
import { annotationBuilders } from './annotations.js';
import { renderPanel } from './panels.js';
import { variableBuilder } from './variables.js';

const COLUMNS = 24;
const HEIGHTS: Readonly<Record<PanelSpec['kind'], number>> = { stat: 4, lines: 9, heatmap: 9, table: 9, logs: 14, map: 12 };

/** Returns a dashboard in Grafana's classic format, schema version 42. The same board always gives the same text. */
export function renderBoard({ identity, variables, rows, hours }: BoardSpec): Dashboard {
  const builder = new DashboardBuilder(identity.title).uid(identity.uid).description(identity.question).tags([TAG]);
  builder
    .timezone('browser')
    .refresh('1m')
    .time({ from: `now-${hours}h`, to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .editable();
  builder.variables(variables.map(variableBuilder)).annotations(annotationBuilders());
  builder.link(
    new DashboardLinkBuilder('Boards').type(DashboardLinkType.Dashboards).tags([TAG]).asDropdown(true).keepTime(true).includeVars(true),
  );
  return { ...builder.build(), panels: placed(rows) };
}

/** Panels from left to right, row by row; ids from 1 in the same order. */
function placed(rows: readonly RowSpec[]): (Panel | RowPanel)[] {
  const panels: (Panel | RowPanel)[] = [];
  let y = 0;
  for (const { title, panels: specs } of rows) {
    panels.push({ ...new RowBuilder(title).gridPos({ x: 0, y, w: COLUMNS, h: 1 }).build(), id: panels.length + 1 });
    y += 1;
    let [x, height] = [0, 0];
    for (const spec of specs) {
      if (x + spec.width > COLUMNS) [x, y, height] = [0, y + height, 0];
      const h = HEIGHTS[spec.kind];
      panels.push({ ...renderPanel(spec), id: panels.length + 1, gridPos: { x, y, w: spec.width, h } });
      [x, height] = [x + spec.width, Math.max(height, h)];
    }
    y += height;
  }
  return panels;
}
