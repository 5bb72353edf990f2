/** One server of several. */
export interface PostgresHost {
  readonly host: string;
  readonly port: number;
}

/** An address that names several servers, or that says what the server must be. */
export interface PostgresHosts {
  /** The address with the first server alone, as pg reads it. */
  readonly connectionString: string;
  readonly hosts: readonly PostgresHost[];
  /** Whether a connection to a server that only reads is of no use. */
  readonly mustBeWritable: boolean;
}

const FORM = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^@/?#]*)([^]*)$/;
const HOST = /^(\[[0-9a-fA-F:.]+\]|[\w.-]{1,253})(?::(\d{1,5}))?$/;
const ATTRIBUTE = /([?&])target_session_attrs=([^&#]*)(&?)/;
const POSTGRES_PORT = 5432;
/** What libpq knows, less the words that prefer or demand a standby: this server always writes. */
const MUST_BE_WRITABLE: Readonly<Record<string, boolean>> = { any: false, 'read-write': true, primary: true };

/**
 * Reads `postgres://user:password@a:5432,b:5432/database?target_session_attrs=read-write`, which neither URL nor pg can. Several servers
 * without the attribute count as `read-write`.
 *
 * Returns `undefined` for an address of one server without the attribute, and `'invalid'` for a list that cannot be used.
 */
export function postgresHosts(address: string): PostgresHosts | 'invalid' | undefined {
  const [, head = '', authority = '', tail = ''] = FORM.exec(address) ?? [];
  const attribute = ATTRIBUTE.exec(tail)?.[2];
  const list = authority.split(',');
  if (list.length === 1 && attribute === undefined) return undefined;
  const mustBeWritable = MUST_BE_WRITABLE[attribute ?? 'read-write'];
  const hosts = list.map(hostOf);
  if (mustBeWritable === undefined || hosts.includes(undefined)) return 'invalid';
  const rest = tail.replace(ATTRIBUTE, (_, before: string, _value, after: string) => (after === '' ? '' : before));
  return { connectionString: `${head}${list[0] ?? ''}${rest}`, hosts: hosts.filter((host) => host !== undefined), mustBeWritable };
}

function hostOf(item: string): PostgresHost | undefined {
  const [, host, digits] = HOST.exec(item) ?? [];
  const port = digits === undefined ? POSTGRES_PORT : Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return { host: host.replace(/^\[(.+)\]$/, '$1'), port };
}
