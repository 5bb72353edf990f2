import { allBoards } from './boards/all.js';
import { renderBoard } from './render/board.js';

/** A generated file; `path` is relative to the folder `dashboards`. */
export interface BoardFile {
  readonly path: string;
  readonly text: string;
}

/** Returns the boards as Grafana imports them. The same sources always give the same text. */
export function boardFiles(): BoardFile[] {
  return allBoards().map((board) => ({
    path: `generated/${board.identity.uid}.json`,
    text: `${JSON.stringify(renderBoard(board), withoutMenu, 2)}\n`,
  }));
}

/** The library puts links and annotations into a menu, where nobody finds them; without this property they stand on the board. */
function withoutMenu(key: string, value: unknown): unknown {
  return key === 'placement' && value === 'inControlsMenu' ? undefined : value;
}
