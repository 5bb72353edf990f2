import { expect, it } from 'vitest';
import { logComponents } from '../../../src/logging/components.js';
import { componentOf, leveledLog } from '../../../src/logging/levels.js';
import type { LogLevel } from '../../../src/logging/levels.js';
import { createLogger } from '../../../src/logging/logger.js';
import { createStructuredLogger } from '../../../src/logging/structuredLogger.js';
import { MemoryDestination } from './memoryDestination.js';

function logAt(level: LogLevel, components: Readonly<Record<string, LogLevel>> = {}) {
  const destination = new MemoryDestination();
  const log = leveledLog(createLogger({ destination, level: 'trace' }), { level, components });
  return { destination, log };
}

const events = (destination: MemoryDestination): unknown[] => destination.lines.map((line) => line['event.name']);

it('lets through what is at the level of its component, and all others at the general one', () => {
  const { destination, log } = logAt('warn', { storage: 'info', session: 'silent' });
  log.info({ 'event.name': 'handoff.storage.migrate' }, 'm');
  log.info({ 'event.name': 'handoff.context.append' }, 'm');
  log.warn({ 'event.name': 'handoff.context.append' }, 'm');
  log.error({ 'event.name': 'handoff.session.register' }, 'm');
  log.warn({}, 'no event');
  expect(events(destination)).toEqual(['handoff.storage.migrate', 'handoff.context.append', undefined]);
});

it('goes by the field `component` where there is one', () => {
  const { destination, log } = logAt('warn', { importer: 'info' });
  const structured = createStructuredLogger(log);
  structured.logSystemEvent({ component: 'importer', operation: 'read', status: 'completed' });
  structured.logSystemEvent({ component: 'other', operation: 'read', status: 'completed' });
  expect(destination.lines.map((line) => line['component'])).toEqual(['importer']);
});

it('can be changed for a component whose events have been seen by another level of its own', () => {
  const { destination, log } = logAt('info', { sweep: 'error' });
  const write = (): void => log.info({ 'event.name': 'handoff.sweep.expire' }, 'm');
  write();
  expect(events(destination)).toEqual([]);
  log.setLevel('sweep', 'info');
  write();
  expect(events(destination)).toEqual(['handoff.sweep.expire']);
});

it('can be changed while it runs, one component or all', () => {
  const { destination, log } = logAt('info');
  const write = (): void => log.info({ 'event.name': 'handoff.sweep.expire' }, 'm');
  write();
  log.setLevel('sweep', 'error');
  write();
  expect(log.levels()).toEqual({ level: 'info', components: { sweep: 'error' } });
  log.setLevel('sweep');
  write();
  log.setLevels({ level: 'silent', components: {} });
  write();
  expect(events(destination)).toHaveLength(2);
});

it('refuses an unknown level whole', () => {
  const { log } = logAt('info', { sweep: 'warn' });
  const wrong = { level: 'error', components: { storage: 'loud' as LogLevel } } as const;
  expect(() => log.setLevels(wrong)).toThrow(RangeError);
  expect(log.levels()).toEqual({ level: 'info', components: { sweep: 'warn' } });
  expect(log.wants?.('info', 'handoff.context.read')).toBe(true);
});

it('refuses an unknown level of all others without taking those of components', () => {
  const { log } = logAt('info', { sweep: 'warn' });
  for (const level of ['loud', 'constructor'] as unknown as LogLevel[])
    expect(() => log.setLevels({ level, components: { sweep: 'trace' } })).toThrow(RangeError);
  expect(log.wants?.('info', 'handoff.sweep.expire')).toBe(false);
});

it('wants nothing that its sink does not want', () => {
  const sink = { info: () => undefined, warn: () => undefined, error: () => undefined, wants: () => false };
  expect(leveledLog(sink, { level: 'trace', components: {} }).wants?.('error', 'handoff.sweep.expire')).toBe(false);
});

it('a record that is not wanted is not made', () => {
  const { destination, log } = logAt('error');
  const structured = createStructuredLogger(log, { content: true });
  const context = {
    toolName: 't',
    executionTimeMs: 1,
    success: true,
    get inputParameters(): never {
      throw new Error('was read');
    },
  };
  let reads = 0;
  structured.logToolCall(new Proxy(context, { ownKeys: (target) => ((reads += 1), Reflect.ownKeys(target)) }));
  expect([reads, destination.lines]).toEqual([0, []]);
});

it('every event of the catalogue has a component that can be named', () => {
  expect(logComponents()).toEqual(expect.arrayContaining(['session', 'context', 'storage', 'database', 'http', 'retention', 'log']));
  expect(['handoff.storage.migrate', 'mine'].map(componentOf)).toEqual(['storage', 'mine']);
});
