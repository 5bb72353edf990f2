import type { BatchCounts, BatchDetails } from './batchCounts.js';
import type { Outlet } from './outlet.js';
import type { PushCounts } from './pushReader.js';

/** Combines several receivers of one signal into one; counts are sums, so an item sent to two counts twice. */
export function combineOutlets<Fed, Counts extends BatchCounts | PushCounts>(outlets: readonly Outlet<Fed, Counts>[]): Outlet<Fed, Counts> {
  const [first, ...others] = outlets;
  if (first !== undefined && others.length === 0) return first;
  const endpoints = outlets.flatMap(({ endpoint }) => endpoint ?? []);
  const details = (): BatchDetails => sumOfDetails(outlets.flatMap((outlet) => outlet.details?.() ?? []));
  return {
    feeds: outlets.flatMap(({ feeds }) => feeds),
    ...(endpoints.length === 0 ? {} : { endpoint: endpoints.join(', ') }),
    ...(outlets.some((outlet) => outlet.details !== undefined) ? { details } : {}),
    counts: () => sumOfCounts(outlets.flatMap((outlet) => outlet.counts() ?? [])),
    failures: () => sumOfFailures(outlets.map((outlet) => outlet.failures?.() ?? new Map<string, number>())),
    lastRequests: () => outlets.flatMap((outlet) => outlet.lastRequests?.() ?? []),
    flush: async () => {
      await Promise.all(outlets.map((outlet) => outlet.flush()));
    },
    setHurried: (isHurried) => {
      for (const outlet of outlets) outlet.setHurried(isHurried);
    },
    close: () => {
      for (const outlet of outlets) outlet.close();
    },
  };
}

function sumOfCounts<Counts extends BatchCounts | PushCounts>(all: readonly Counts[]): Counts | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  const total = (key: string): number => all.reduce((sum, counts) => sum + Number(Reflect.get(counts, key)), 0);
  return Object.fromEntries(Object.keys(first).map((key) => [key, total(key)])) as unknown as Counts;
}

function sumOfFailures(all: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const failures = new Map<string, number>();
  for (const [type, count] of all.flatMap((each) => [...each])) failures.set(type, (failures.get(type) ?? 0) + count);
  return failures;
}

function sumOfDetails(all: readonly BatchDetails[]): BatchDetails {
  const sum = (of: (details: BatchDetails) => number): number => all.reduce((total, details) => total + of(details), 0);
  return {
    failures: sumOfFailures(all.map(({ failures }) => failures)),
    queueFull: sum(({ queueFull }) => queueFull),
    afterClose: sum(({ afterClose }) => afterClose),
    capacity: sum(({ capacity }) => capacity),
  };
}
