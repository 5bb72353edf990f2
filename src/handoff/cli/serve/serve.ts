import type { LeveledLog } from '../../../logging/levels.js';
import { resolveConfig } from '../../config/resolve.js';
import type { HandoffConfig } from '../../config/resolve.js';
import { instrumentBy } from '../../../instrumentation/instrument.js';
import type { Instrumentation } from '../../../instrumentation/handle.js';
import { serverEvents } from '../../../telemetry/catalogue/server.js';
import { ATTR_EVENT_NAME } from '../../../telemetry/semconv.js';
import { EXIT_FAILED } from '../command.js';
import type { CommandContext } from '../command.js';
import { packageInfo } from '../packageInfo.js';
import { parseOptions } from '../usageError.js';
import { openBackEnd } from './backEnd.js';
import type { BackEnd } from './backEnd.js';
import { followConfigFile, heapSnapshotsOnSignal } from './configSignals.js';
import type { ConfigFollower } from './configSignals.js';
import { closeInTime } from './closeInTime.js';
import { followSettings } from './followSettings.js';
import { serveOverHttp } from './overHttp.js';
import { serveOverStdio } from './overStdio.js';
import { serverLog } from './serverLog.js';
import { stopRequest } from './stopRequest.js';
import type { StopSignal } from './stopRequest.js';
import { SERVE_USAGE } from '../usages.js';

/** Each part bounds its own shutdown; this covers one that exceeds its bound. */
const CLOSE_MARGIN_MS = 500;
/** The least that the job queue grants a job under way. */
const LEAST_WORK_MS = 1000;
/** What monitoring takes for its last write, once the last call was answered. */
const LAST_MEASUREMENTS_MS = 1000;
/** For database and cache together: the bounds of both plus that of the embedded database's owner. */
const STORAGE_CLOSE_MS = 3000;

/** `handoff-otel serve`: runs until the client leaves (stdio) or the process is asked to stop. */
export async function serve({ args, env, ownEnv = env }: CommandContext): Promise<number> {
  const { stdio = false } = parseOptions(args, { stdio: { type: 'boolean' } }, SERVE_USAGE);
  const { settings, unknownKeys, warnings } = resolveConfig(env);
  const stop = stopRequest(process);
  const telemetry = startTelemetry(settings, unknownKeys, stdio);
  const log = serverLog(settings, telemetry.meter);
  if (unknownKeys.length > 0)
    log.warn(
      { [ATTR_EVENT_NAME]: serverEvents.configUnknownKeys.name, keys: unknownKeys },
      'These settings are not recognised and have no effect.',
    );
  const file = followConfigFile({ settings, env: ownEnv, log, meter: telemetry.meter, target: process });
  const endSnapshots = heapSnapshotsOnSignal(settings, log, process);
  for (const warning of warnings) log.warn({ [ATTR_EVENT_NAME]: serverEvents.configOverruled.name }, warning);
  try {
    const backEnd = await Promise.race([openBackEnd(settings, telemetry, log), stop]);
    if (typeof backEnd === 'string') return await endUnstarted(backEnd, telemetry);
    try {
      const front = await (stdio ? serveOverStdio : serveOverHttp)({ settings, backEnd, telemetry, log });
      backEnd.startWork();
      follow(file, backEnd, log);
      const ended = await Promise.race([front.closed, stop]);
      const drainMs = settings.HANDOFF_SHUTDOWN_TIMEOUT_MS;
      const workMs = Math.max(drainMs, LEAST_WORK_MS);
      const drained = closeInTime('transport', drainMs + CLOSE_MARGIN_MS, log, () => front.close(drainMs));
      const workLimitMs = workMs + CLOSE_MARGIN_MS + LAST_MEASUREMENTS_MS + CLOSE_MARGIN_MS;
      await Promise.all([drained, closeInTime('jobs', workLimitMs, log, () => backEnd.stopWork(workMs, drained))]);
      if (ended instanceof Error) throw ended;
    } finally {
      await closeInTime('storage', STORAGE_CLOSE_MS, log, () => backEnd.close());
    }
    return 0;
  } finally {
    file.close();
    endSnapshots();
    await telemetry.shutdown();
    endSoon(process);
  }
}

function startTelemetry(settings: HandoffConfig['settings'], unknownKeys: readonly string[], stdio: boolean): Instrumentation {
  const options = {
    serviceName: settings.MCP_SERVER_NAME,
    serviceVersion: settings.MCP_SERVER_VERSION ?? packageInfo().version,
    stdio,
    flushTimeoutMs: settings.HANDOFF_FLUSH_TIMEOUT_MS,
    // The admin port serves /metrics; without one, no metrics are kept for it.
    prometheus: { enabled: !stdio || settings.HANDOFF_ADMIN_PORT !== undefined, listen: false },
  };
  // `serve` logs the variables that it does not recognise, so `instrument()` need not name them a second time.
  return instrumentBy(options, Object.fromEntries(Object.entries(process.env).filter(([name]) => !unknownKeys.includes(name))));
}

/** From now on the parts take what changes in the configuration file, and each change is kept in the database. */
function follow(file: ConfigFollower, backEnd: BackEnd, log: LeveledLog): void {
  followSettings(file.reload, backEnd, log);
  file.reload.onAudit = ({ name, ...data }) => backEnd.monitoring.events.record({ type: 'setting_changed', subject: name, data });
  file.start();
}

/** How long written output may still take to drain after everything is closed. */
const LAST_WRITES_MS = 1000;

/**
 * Everything is closed, and the process exits by itself as soon as nothing is left to do. An answer in a pipe that nobody reads
 * would keep it alive indefinitely, so this timer ends it.
 */
function endSoon(target: NodeJS.Process): void {
  setTimeout(() => target.exit(), LAST_WRITES_MS).unref();
}

/**
 * Handles a stop request during startup, which can take a minute when waiting for a lock or an owner. Nothing has been served yet,
 * and the system releases what startup holds when the signal, raised again without a listener, ends the process.
 */
async function endUnstarted(signal: StopSignal, telemetry: Instrumentation): Promise<number> {
  await telemetry.shutdown();
  process.kill(process.pid, signal);
  return EXIT_FAILED;
}
