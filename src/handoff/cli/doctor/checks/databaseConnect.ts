import { DatabaseUnavailableError } from '../../../../errors/databaseErrors.js';
import { connectionAdvice, connectionReason, isTlsFailure } from '../../../storage/connectionFailure.js';
import type { Statement } from '../../../storage/database.js';
import { isLoopback } from '../../../../values/loopback.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';

const HOW: Statement = {
  name: 'handoff_doctor_connection',
  text: `
SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS version_text,
  coalesce(inet_server_addr()::text, '') AS address,
  (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS encrypted,
  current_setting('server_encoding') AS encoding`,
};

interface HowRow {
  readonly version: number;
  readonly version_text: string;
  /** Empty for a Unix socket. */
  readonly address: string;
  readonly encrypted: boolean | null;
  readonly encoding: string;
}

const OLDEST_VERSION = 150_000;

export const databaseConnectCheck: Check = {
  name: 'database.connect',
  group: 'database',
  looksWhether:
    'PostgreSQL accepts the credentials, for a database that exists, over TLS where others could listen, in a supported version',
  limitMs: 65_000,
  needs: ['DATABASE_URL', 'DB_HOST', 'DB_PORT', 'DB_PASSWORD'],
  run: async (examination) => {
    if (!examination.usesPostgres) return [];
    try {
      const database = await examination.database();
      const [row] = await database.query<HowRow>(HOW);
      return row === undefined ? [] : findingsOf(row);
    } catch (error) {
      return [refusal(error)];
    }
  },
};

function findingsOf({ version, version_text: text, address, encrypted, encoding }: HowRow): readonly Finding[] {
  const findings: Finding[] = [fine(`PostgreSQL ${text} accepts the credentials${encrypted === true ? ', over TLS' : ''}.`)];
  if (version < OLDEST_VERSION)
    findings.push(failure(`PostgreSQL ${text} is too old.`, 'Upgrade it to version 15 or newer, or use another server.'));
  const host = address.split('/', 1)[0] ?? '';
  if (encrypted !== true && host !== '' && !isLoopback(host))
    findings.push(
      warning(
        'The connection to the database leaves this machine without TLS, with everything that agents write.',
        'Let the server offer TLS and add sslmode=verify-full to DATABASE_URL.',
      ),
    );
  if (encoding !== 'UTF8')
    findings.push(
      warning(
        `The database has the encoding ${encoding}, which cannot keep every text.`,
        "Create one with ENCODING 'UTF8' and move the data to it.",
      ),
    );
  return findings;
}

/** Names no host and no credentials: the other checks of the database name where it is. */
function refusal(error: unknown): Finding {
  const reason = error instanceof DatabaseUnavailableError ? error.data.reasonCode : connectionReason(error);
  if (isTlsFailure(reason)) return failure(`No TLS connection to the database can be made (${reason}).`, connectionAdvice(reason));
  return failure(`The database cannot be used (${reason}).`, connectionAdvice(reason));
}
