import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HandoffConfig } from '../../config/resolve.js';
import { ConfigReload } from '../../config/reload/configReload.js';
import { ReloadReports } from '../../config/reload/reloadReports.js';
import { watchFile } from '../../config/reload/watchFile.js';
import { HeapSnapshots } from '../../monitoring/memory/heapSnapshots.js';
import type { Meter } from '@opentelemetry/api';
import type { Log } from '../../../telemetry/log.js';
import { systemClock } from '../../../time/clock.js';
import type { Env } from '../../../variables/reader.js';

/** What follows the configuration file of a running server. */
export interface ConfigFollower {
  readonly reload: ConfigReload;
  /** Takes up what was asked for so far, and what is asked for from now on. */
  start(): void;
  close(): void;
}

export interface FollowerOptions {
  readonly settings: HandoffConfig['settings'];
  /** The environment without what the file adds. */
  readonly env: Env;
  readonly log: Log;
  readonly meter: Meter;
  readonly target: NodeJS.Process;
}

/**
 * Has SIGHUP mean that the configuration file is to be read again, from now on: without a file it goes on to end the process. What comes
 * while the server starts waits until it has.
 */
export function followConfigFile({ settings, env, log, meter, target }: FollowerOptions): ConfigFollower {
  const path = settings.HANDOFF_CONFIG_FILE;
  const read = (): Promise<string> => readFile(path ?? '', 'utf8');
  const reload = new ConfigReload({ env, settings, read, reports: new ReloadReports(log, meter) });
  // The start may take a minute: what is written meanwhile is another text than the one whose settings are in effect.
  const known = path === undefined ? Promise.resolve(undefined) : read().catch(() => undefined);
  const closing = new AbortController();
  let isStarted = false;
  let isAsked = false;
  const onHangUp = (): void => {
    if (isStarted) void reload.reload('SIGHUP');
    else isAsked = true;
  };
  if (path !== undefined) target.on('SIGHUP', onHangUp);
  return {
    reload,
    start: () => {
      isStarted = true;
      if (isAsked) onHangUp();
      if (path !== undefined && settings.HANDOFF_CONFIG_WATCH)
        void watchFile(known, read, systemClock, closing.signal, () => reload.reload('file watch'));
    },
    close: () => {
      closing.abort(new Error('closed'));
      target.removeListener('SIGHUP', onHangUp);
    },
  };
}

/**
 * Has SIGUSR2 write a heap snapshot. Only who may send signals to this process can ask for one, and SIGUSR1 lets the same people attach a
 * debugger, so it opens nothing new. Returns what ends it.
 */
export function heapSnapshotsOnSignal(settings: HandoffConfig['settings'], log: Log, target: NodeJS.Process): () => void {
  const base = settings.HANDOFF_DATA_DIR === '' ? join(tmpdir(), `handoff-otel-${target.pid}`) : settings.HANDOFF_DATA_DIR;
  const snapshots = new HeapSnapshots({ folder: join(base, 'diagnostics'), log, clock: systemClock });
  const onSignal = (): void => void snapshots.write();
  target.on('SIGUSR2', onSignal);
  return () => void target.removeListener('SIGUSR2', onSignal);
}
