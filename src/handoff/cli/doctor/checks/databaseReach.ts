import { lookup } from 'node:dns/promises';
import { errorCode } from '../../../../errors/classify.js';
import { postgresHosts } from '../../../../values/postgresHosts.js';
import type { PostgresHost } from '../../../../values/postgresHosts.js';
import type { Check } from '../examination/check.js';
import { failure, fine } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';
import { addressText, tryConnect } from '../probes/tryConnect.js';

const CONNECT_MS = 3000;
const POSTGRES_PORT = 5432;

export const databaseReachCheck: Check = {
  name: 'database.reach',
  group: 'database',
  looksWhether: 'the name of each database server resolves, and its port takes connections',
  limitMs: 8000,
  needs: ['DATABASE_URL', 'DB_HOST', 'DB_PORT', 'DB_PASSWORD'],
  run: async ({ settings: { DATABASE_URL: address } }) =>
    address === undefined ? [] : Promise.all(hostsOf(address).map((host) => findingOf(host))),
};

function hostsOf(address: string): readonly PostgresHost[] {
  const several = postgresHosts(address);
  if (several !== undefined && several !== 'invalid') return several.hosts;
  const { hostname, port, searchParams } = new URL(address.replace('@/', '@localhost/'));
  const host = searchParams.get('host') ?? decodeURIComponent(hostname).replace(/^\[(.+)\]$/, '$1');
  return [{ host, port: Number(port === '' ? POSTGRES_PORT : port) }];
}

async function findingOf({ host, port }: PostgresHost): Promise<Finding> {
  if (host.startsWith('/')) {
    const path = `${host}/.s.PGSQL.${port}`;
    const failed = await tryConnect({ path }, CONNECT_MS);
    return failed === undefined
      ? fine(`Something listens on the socket ${path}.`)
      : failure(
          `Nothing listens on the socket ${path} (${failed}).`,
          'Start PostgreSQL, or correct the folder of its socket in DATABASE_URL.',
        );
  }
  const where = addressText(host, port);
  try {
    await lookup(host);
  } catch (error) {
    return failure(
      `The name ${host} does not resolve (${errorCode(error) ?? 'unknown'}).`,
      'Correct the host in DATABASE_URL, or look at the name server that this machine uses.',
    );
  }
  const failed = await tryConnect({ host, port }, CONNECT_MS);
  if (failed === undefined) return fine(`${where} takes connections.`);
  return failure(
    `No connection to ${where} can be made (${failed}).`,
    failed === 'ECONNREFUSED'
      ? 'Start PostgreSQL there, let it listen on that address (listen_addresses), or correct the port in DATABASE_URL.'
      : 'Look at the network and its firewalls between here and there, or correct the address in DATABASE_URL.',
  );
}
