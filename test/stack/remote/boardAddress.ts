import type { Board } from '../queries/boards.js';

/** The uid that a Grafana has for each type of data source. */
export type SourceUids = ReadonlyMap<string, string>;

/** The address of a board with the choices that show the workload. */
export function boardAddress(url: string, board: Board, uids: SourceUids, choices: ReadonlyMap<string, readonly string[]>): string {
  const query = new URLSearchParams({ orgId: '1', from: 'now-15m', to: 'now', kiosk: '1' });
  for (const { name, type } of board.variables) {
    const source = type === 'datasource' ? uids.get(name) : undefined;
    if (source !== undefined) query.append(`var-${name}`, source);
    for (const choice of choices.get(name) ?? []) query.append(`var-${name}`, choice);
  }
  return `${url}/d/${board.uid}?${query.toString()}`;
}
