import { averageOf, countOf } from '../../reports/figures.js';
import { lastSamples } from '../../reports/samples.js';
import { readFreeConnections } from '../sql/statistics.js';
import type { CacheFact, PoolFact, StorageFact } from './facts.js';
import { Unavailable, limited, readRollups, windowOf } from './sources.js';
import type { FactSources } from './sources.js';

const METRICS = 100;

export async function poolFact(sources: FactSources): Promise<PoolFact | Unavailable> {
  const sampled = await readRollups(sources, 'resources', (reader) => reader.groups('resources', 'metric', { maxGroups: METRICS }));
  if (sampled instanceof Unavailable) return sampled;
  const waiting = sampled.get('database_calls_waiting')?.get('value');
  if (waiting === undefined) return new Unavailable('No server has sampled its pool in the last week.');
  const [connections] = await limited(sources, (q) => q.query<{ readonly free: number }>(readFreeConnections));
  return {
    ...windowOf(sources),
    samples: waiting.n,
    meanWaitingCalls: (waiting.total ?? 0) / waiting.n,
    highestWaitingCalls: waiting.high ?? 0,
    meanUsedConnections: averageOf(sampled.get('database_connections_used'), 'value') ?? 0,
    poolSize: sources.database.pool.options.max,
    freeServerConnections: connections?.free ?? 0,
  };
}

/** The name under which reads of the cache are recorded. */
const CACHE_READ = 'cache.get';

export async function cacheFact(sources: FactSources): Promise<CacheFact | Unavailable> {
  const { entries, bytes, maxEntries, maxBytes } = sources.cache.size?.() ?? {};
  if (entries === undefined || bytes === undefined || maxEntries === undefined || maxBytes === undefined)
    return new Unavailable('The cache does not say how full it is, as Redis and caches of hosts do not.');
  // As of `handoff-otel report`, which has a cache of its own, and reads nothing through it.
  if (entries === 0)
    return new Unavailable('The cache of this process holds nothing. Ask a server that has run for some time, by get_analytics.');
  const caches = await readRollups(sources, 'performance', (reader) => reader.groups('performance', 'cache', { maxGroups: METRICS }));
  if (caches instanceof Unavailable) return caches;
  const hits = countOf(caches.get(CACHE_READ), 'hits');
  const reads = hits + countOf(caches.get(CACHE_READ), 'misses');
  return { ...windowOf(sources), reads, hits, entries, maxEntries, bytes, maxBytes };
}

export async function storageFact(sources: FactSources): Promise<StorageFact | Unavailable> {
  const report = await sources.retention.storageReport();
  const sampled = await readRollups(sources, 'resources', lastSamples);
  const diskUsedPercent = sampled instanceof Unavailable ? null : (sampled.get('disk_used_percent') ?? null);
  if (report.limitBytes === null && diskUsedPercent === null)
    return new Unavailable('There is no limit to compare with, and the disk is not sampled: set HANDOFF_STORAGE_LIMIT_BYTES.');
  return { from: windowOf(sources).from, to: report.takenAt, report, diskUsedPercent };
}
