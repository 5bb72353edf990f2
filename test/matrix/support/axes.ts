/** The oldest supported Node, the newest of its line, and the newest of the lines after it. */
export const NODES = ['22.15.0', '22.23.3', '24.21.0', '26.10.0'] as const;
export type NodeVersion = (typeof NODES)[number];

/** Folders of `libraries/`, with what `status()` must say of ioredis and pino there. */
export const LIBRARIES = {
  newest: { ioredis: 'patched', pino: 'channel' },
  firstChannels: { ioredis: 'patched', pino: 'channel' },
  noChannels: { ioredis: 'patched', pino: 'patched' },
  oldest: { ioredis: 'patched', pino: 'patched' },
} as const;
export type LibrarySet = keyof typeof LIBRARIES;

/** How a program is loaded. A bundle has the libraries in itself, and hands them over. */
export const WAYS = ['esm', 'cjs', 'tsx esm', 'tsx cjs', 'rolldown esm', 'rolldown cjs', 'esbuild esm', 'esbuild cjs'] as const;
export type Way = (typeof WAYS)[number];

export const STARTS = ['call', 'register'] as const;
export type Start = (typeof STARTS)[number];

/** Whether libraries are loaded, and pools, clients and loggers made, before `instrument()` or after it. */
export const ORDERS = ['before', 'after'] as const;
export type Order = (typeof ORDERS)[number];

export interface Cell {
  readonly node: NodeVersion;
  readonly libraries: LibrarySet;
  readonly way: Way;
  readonly start: Start;
  readonly order: Order;
}

export function isBundle(way: Way): boolean {
  return /^(?:rolldown|esbuild)/.test(way);
}

/** Why a cell does not exist; `undefined` for those that do. */
export function impossible({ libraries, way, start, order, node }: Cell): string | undefined {
  if (start === 'register' && order === 'before') return '--import runs before anything of the program';
  if (start === 'register' && way.startsWith('tsx')) return 'the same as tsx after: two --import';
  if (['oldest', 'firstChannels'].includes(libraries) && (isBundle(way) || way.startsWith('tsx')))
    return 'newest and noChannels show that these ways do not depend on the version';
  if (libraries === 'firstChannels' && node !== '24.21.0' && node !== '22.15.0') return 'differs from newest only where the channels begin';
  return undefined;
}

/** All cells that exist. */
export function cells(): readonly Cell[] {
  return everyCell().filter((cell) => impossible(cell) === undefined);
}

export function everyCell(): readonly Cell[] {
  const sets = Object.keys(LIBRARIES) as LibrarySet[];
  return NODES.flatMap((node) =>
    sets.flatMap((libraries) =>
      WAYS.flatMap((way) => STARTS.flatMap((start) => ORDERS.map((order) => ({ node, libraries, way, start, order })))),
    ),
  );
}
