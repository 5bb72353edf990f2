/** One server of several. */
export interface PostgresHost {
  readonly host: string;
  readonly port: number;
}

/** An address that names several servers, or that says what the server must be. */
export interface PostgresHosts {
  /** The address with the first server alone, as pg reads it. */
  readonly connectionString: string;
  /** Empty where the address leaves it to pg, which then takes `PGHOST` or the host of this machine. */
  readonly hosts: readonly PostgresHost[];
  /** Whether a connection to a server that only reads is of no use. */
  readonly mustBeWritable: boolean;
}

// The last @ before the path ends the password: those that were not percent-encoded belong to it, and so does a comma among them.
const FORM = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^@/?#]*)([^]*)$/;
const HOST = /^(\[[0-9a-fA-F:.]+\]|[\w.-]{1,253})(?::(\d{1,5}))?$/;
/** As `host` in the query: a name, an address, or the folder of a Unix socket. */
const PLAIN_HOST = /^(?:\/.+|[0-9a-fA-F.]*:[0-9a-fA-F:.]+|[\w.-]{1,253})$/;
const ATTRIBUTE = /([?&])target_session_attrs=([^&#]*)(&?)/;
const POSTGRES_PORT = 5432;
/** What libpq knows, less the words that prefer or demand a standby: this server always writes. */
const MUST_BE_WRITABLE: Readonly<Record<string, boolean>> = { any: false, 'read-write': true, primary: true };

/**
 * Reads `postgres://user:password@a:5432,b:5432/database?target_session_attrs=read-write`, which neither URL nor pg can. Several servers
 * without the attribute count as `read-write`. As for pg and libpq, `host` and `port` in the query go before those in front of the path.
 *
 * Returns `undefined` for an address of one server without the attribute, and `'invalid'` for a list that cannot be used.
 */
export function postgresHosts(address: string): PostgresHosts | 'invalid' | undefined {
  const [, head = '', authority = '', tail = ''] = FORM.exec(address) ?? [];
  const attribute = ATTRIBUTE.exec(tail)?.[2];
  const query = new URLSearchParams(/^[^?#]*\?([^#]*)/.exec(tail)?.[1]);
  const inQuery = query.get('host') ?? '';
  const list = (inQuery === '' ? authority : inQuery).split(',');
  if (list.length === 1 && attribute === undefined) return undefined;
  const mustBeWritable = MUST_BE_WRITABLE[attribute ?? 'read-write'];
  const isUnnamed = list.length === 1 && list[0] === '';
  const hosts = isUnnamed ? [] : inQuery === '' ? list.map(hostOf) : plainHosts(list, query.get('port') ?? '');
  if (mustBeWritable === undefined || hosts.includes(undefined)) return 'invalid';
  const rest = tail.replace(ATTRIBUTE, (_, before: string, _value, after: string) => (after === '' ? '' : before));
  const [first = ''] = list;
  const connectionString = inQuery === '' ? `${head}${first}${rest}` : `${head}${authority}${firstOf(firstOf(rest, 'host'), 'port')}`;
  return { connectionString, hosts: hosts.filter((host) => host !== undefined), mustBeWritable };
}

function hostOf(item: string): PostgresHost | undefined {
  const [, host, digits] = HOST.exec(item) ?? [];
  const port = portOf(digits);
  return host === undefined || port === undefined ? undefined : { host: host.replace(/^\[(.+)\]$/, '$1'), port };
}

/** One port is that of all hosts. */
function plainHosts(list: readonly string[], given: string): (PostgresHost | undefined)[] {
  const ports = given.split(',');
  if (ports.length !== 1 && ports.length !== list.length) return [undefined];
  return list.map((host, index) => {
    const port = portOf(ports.length === 1 ? ports[0] : ports[index]);
    return PLAIN_HOST.test(host) && port !== undefined ? { host, port } : undefined;
  });
}

function portOf(digits: string | undefined): number | undefined {
  if (digits === undefined || digits === '') return POSTGRES_PORT;
  const port = Number(digits);
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : undefined;
}

/** Leaves the first of the values that a parameter lists. */
function firstOf(tail: string, parameter: 'host' | 'port'): string {
  return tail.replace(new RegExp(`([?&]${parameter}=[^&#]*?)(?:,|%2C)[^&#]*`, 'i'), '$1');
}
