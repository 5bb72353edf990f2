import { countOf, meanOf, percentOf, totalOf } from './series.js';
import type { Series } from './series.js';
import { calledOperations, ofTools } from './toolSeries.js';

const EVERYTHING = [''];

function ofKind(kind: Series['source']['kind'], ...measures: readonly string[]): Series['source'] {
  return { kind, dimension: '', values: EVERYTHING, measures };
}

function resource(subject: string, unit: Series['unit'], title: string, withoutRows: Series['withoutRows'] = 'left_out'): Series {
  return { kind: 'resource_use', subject, unit, title, ...sampled(subject, withoutRows) };
}

function sampled(metric: string, withoutRows: Series['withoutRows']): Pick<Series, 'source' | 'withoutRows' | 'valueOf'> {
  return {
    source: { kind: 'resources', dimension: 'metric', values: [metric], measures: ['value'] },
    withoutRows,
    valueOf: meanOf('value'),
  };
}

/** What is watched of every service. Samples are taken together, so that one series is enough to tell that none come. */
export const fixedSeries: readonly Series[] = [
  ...ofTools('', calledOperations),
  {
    kind: 'tool_calls',
    subject: '',
    unit: '',
    title: 'The number of calls',
    source: { kind: 'performance', dimension: 'operation', values: calledOperations, measures: ['duration_us'] },
    withoutRows: 'zero',
    valueOf: countOf('duration_us'),
  },
  {
    kind: 'handoff_failures',
    subject: '',
    unit: '',
    title: 'The number of handoffs rejected or not answered',
    // The first request begins the series, so that the first failures are not what is usual.
    source: ofKind('handoffs', 'requested', 'rejected', 'timed_out'),
    withoutRows: 'zero',
    valueOf: countOf('rejected', 'timed_out'),
  },
  {
    kind: 'handoff_requests',
    subject: '',
    unit: '',
    title: 'The number of handoffs requested',
    source: ofKind('handoffs', 'requested'),
    withoutRows: 'zero',
    valueOf: countOf('requested'),
  },
  {
    kind: 'context_growth',
    subject: '',
    unit: 'bytes',
    title: 'The content added to sessions',
    source: ofKind('context', 'content_bytes'),
    withoutRows: 'zero',
    valueOf: totalOf('content_bytes'),
  },
  {
    kind: 'sessions_opened',
    subject: '',
    unit: '',
    title: 'The number of sessions opened',
    source: ofKind('sessions', 'opened'),
    withoutRows: 'zero',
    valueOf: countOf('opened'),
  },
  { kind: 'sessions_active', subject: '', unit: '', title: 'The number of active sessions', ...sampled('sessions:active', 'left_out') },
  {
    kind: 'cache_hit_rate',
    subject: '',
    unit: '%',
    title: 'The hit rate of the cache',
    source: { kind: 'performance', dimension: 'cache', values: ['cache.get'], measures: ['hits', 'misses'] },
    withoutRows: 'left_out',
    valueOf: percentOf('hits', 'hits', 'misses'),
  },
  resource('memory_used_bytes', 'bytes', 'The memory of a process', 'missing'),
  resource('cpu_used_percent', '%', 'The CPU use of a process'),
  resource('event_loop_delay_p99_ms', 'ms', 'The delay of the main thread'),
  resource('database_connections_used', '', 'The number of database connections in use by a process'),
  resource('disk_used_percent', '%', 'The use of the disk'),
];
