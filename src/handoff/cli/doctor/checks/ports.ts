import { askHealth } from '../../health/askHealth.js';
import { DEFAULT_ADMIN_PORT } from '../../../../variables/monitoringVariables.js';
import { adminUrl } from '../../health/adminUrl.js';
import type { Check } from '../examination/check.js';
import type { Examination } from '../examination/examination.js';
import { failure, fine, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';
import { asksForMcp } from '../probes/asksForMcp.js';
import { portHolder } from '../probes/portHolder.js';
import { addressText } from '../probes/tryConnect.js';
import { tryListen } from '../probes/tryListen.js';

const LIMIT_MS = 10_000;
const ALL_ADDRESSES: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

export const httpPortCheck: Check = {
  name: 'ports.http',
  group: 'ports',
  looksWhether: 'the port of Streamable HTTP is free, or a handoff server is using it; not with `--stdio`',
  limitMs: LIMIT_MS,
  needs: ['HANDOFF_HTTP_HOST', 'HANDOFF_HTTP_PORT'],
  run: async ({ options, settings: { HANDOFF_HTTP_HOST: host, HANDOFF_HTTP_PORT: port } }) => {
    if (options.stdio) return [];
    if (port === 0) return [fine('MCP is served on any free port (HANDOFF_HTTP_PORT=0).')];
    return [await findingOf({ host, port, variable: 'HANDOFF_HTTP', what: 'MCP', isOurs: () => asksForMcp(host, port), judge: failure })];
  },
};

export const adminPortCheck: Check = {
  name: 'ports.admin',
  group: 'ports',
  looksWhether: 'the admin port is free, or a handoff server is using it; with `--stdio` only if one is set',
  limitMs: LIMIT_MS,
  needs: ['HANDOFF_ADMIN_HOST', 'HANDOFF_ADMIN_PORT'],
  run: async ({ options, settings }: Examination) => {
    const { HANDOFF_ADMIN_HOST: host, HANDOFF_ADMIN_PORT: given } = settings;
    if (options.stdio && given === undefined) return [];
    const port = given ?? DEFAULT_ADMIN_PORT;
    if (port === 0) return [fine('The admin port is any free one (HANDOFF_ADMIN_PORT=0).')];
    // Both are free, and only one of them can have it.
    if (!options.stdio && port === settings.HANDOFF_HTTP_PORT && isSameHost(host, settings.HANDOFF_HTTP_HOST))
      return [
        warning(
          `HANDOFF_HTTP_PORT and the admin port are both ${port}: the server starts without its admin port.`,
          'Set HANDOFF_ADMIN_PORT to another port.',
        ),
      ];
    const isOurs = async (): Promise<boolean> => !('problem' in (await askHealth(adminUrl(host, port))));
    return [await findingOf({ host, port, variable: 'HANDOFF_ADMIN', what: 'The admin port', isOurs, judge: warning })];
  },
};

/** Whether a port of one is taken by the other. */
function isSameHost(one: string, other: string): boolean {
  return one === other || [one, other].some((host) => ALL_ADDRESSES.has(host));
}

interface Port {
  readonly host: string;
  readonly port: number;
  /** The beginning of the names of its variables. */
  readonly variable: string;
  readonly what: string;
  readonly isOurs: () => Promise<boolean>;
  /** How bad it is when another program has it: the server starts without its admin port. */
  readonly judge: (says: string, remedy: string) => Finding;
}

async function findingOf({ host, port, variable, what, isOurs, judge }: Port): Promise<Finding> {
  const where = addressText(host, port);
  const failed = await tryListen(host, port);
  if (failed === undefined) return fine(`${where} is free.`);
  if (failed === 'EADDRINUSE') {
    if (await isOurs()) return fine(`A handoff server listens on ${where}.`);
    const holder = portHolder(port);
    const who = holder === undefined ? 'another program' : `another program (process ${holder.pid}, ${holder.program})`;
    return judge(
      `${what} cannot be served on ${where}: ${who} has that port.`,
      `End that program, or set ${variable}_PORT to a free port.`,
    );
  }
  if (failed === 'EACCES')
    return judge(
      `This user may not listen on port ${port}.`,
      `Set ${variable}_PORT to a number from 1024 on, or grant the right to use low ports.`,
    );
  if (failed === 'EADDRNOTAVAIL' || failed === 'ENOTFOUND')
    return judge(
      `${host} is not an address of this machine (${failed}).`,
      `Set ${variable}_HOST to one, for instance 127.0.0.1, or 0.0.0.0 for all.`,
    );
  return judge(`${where} cannot be listened on (${failed}).`, `Correct ${variable}_HOST and ${variable}_PORT.`);
}
