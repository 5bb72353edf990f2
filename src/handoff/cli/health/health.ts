import { ConfigError } from '../../../errors/configError.js';
import type { ConfigProblem } from '../../../errors/configError.js';
import { readAll, textOf } from '../../../variables/reader.js';
import type { Env } from '../../../variables/reader.js';
import { DEFAULT_ADMIN_PORT, adminVariables } from '../../../variables/monitoringVariables.js';
import { withConfigFile } from '../../config/configFile.js';
import type { CommandContext } from '../command.js';
import type { Streams } from '../streams.js';
import { UsageError, parseOptions } from '../usageError.js';
import { adminUrl } from './adminUrl.js';
import { askHealth } from './askHealth.js';
import { healthText } from './healthText.js';
import { HEALTH_USAGE } from '../usages.js';

/** Exit codes, for scripts and for probes of containers: 0 when there is nothing to do. */
export const EXIT_DEGRADED = 1;
export const EXIT_UNHEALTHY = 2;
export const EXIT_UNREACHABLE = 3;

/** A server on stdio has no admin port by itself. */
const UNREACHABLE_ADVICE =
  'Start the server, or name its admin port with --url or HANDOFF_ADMIN_PORT; on stdio there is one only where HANDOFF_ADMIN_PORT is set.';

/** `handoff-otel health`: asks the admin port of a running server how it is. */
export async function health({ args, env, streams }: CommandContext): Promise<number> {
  const options = { url: { type: 'string' }, json: { type: 'boolean' }, 'fail-on': { type: 'string' } } as const;
  const { url, json = false, 'fail-on': failOn = 'unhealthy' } = parseOptions(args, options, HEALTH_USAGE);
  if (failOn !== 'degraded' && failOn !== 'unhealthy')
    throw new UsageError(`--fail-on must be degraded or unhealthy, not ${failOn}.`, HEALTH_USAGE);
  const address = url === undefined ? localAddress(env, streams) : givenAddress(url);
  const answer = await askHealth(address);
  if ('problem' in answer) {
    streams.err(`No health report from ${address.origin}: ${answer.problem}. ${UNREACHABLE_ADVICE}\n`);
    return EXIT_UNREACHABLE;
  }
  streams.out(json ? `${JSON.stringify(answer, null, 2)}\n` : healthText(answer));
  if (answer.state === 'healthy') return 0;
  // What is not known here, a later version may tell: it is nothing good.
  if (answer.state !== 'degraded') return EXIT_UNHEALTHY;
  return failOn === 'degraded' ? EXIT_DEGRADED : 0;
}

function givenAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !['http:', 'https:'].includes(address.protocol))
    throw new UsageError('--url must be the address of an admin port, such as http://127.0.0.1:9464.', HEALTH_USAGE);
  return new URL('/health', address);
}

/**
 * Where a server with these settings has its admin port, as seen from its own machine or container. A configuration file that cannot be
 * used is left out: a server that runs has refused it and goes on as before, and must not be replaced for it.
 */
function localAddress(env: Env, streams: Streams): URL {
  try {
    return adminAddress(withConfigFile(env));
  } catch (error) {
    if (!(error instanceof ConfigError) || textOf(env, 'HANDOFF_CONFIG_FILE') === undefined) throw error;
    const address = adminAddress(env);
    streams.err(`HANDOFF_CONFIG_FILE was ignored. ${error.message}\n`);
    return address;
  }
}

function adminAddress(env: Env): URL {
  const problems: ConfigProblem[] = [];
  const { HANDOFF_ADMIN_HOST: host, HANDOFF_ADMIN_PORT: port = DEFAULT_ADMIN_PORT } = readAll(adminVariables, env, (problem) =>
    problems.push(problem),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  if (port === 0)
    throw new UsageError(
      'HANDOFF_ADMIN_PORT is 0, so the server has chosen a free port: pass the address that it has logged, with --url.',
      HEALTH_USAGE,
    );
  return adminUrl(host, port);
}
