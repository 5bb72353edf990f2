import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../../../../errors/classify.js';
import { ownName } from '../../../../instrumentation/settings/otelVariables.js';
import { textOf } from '../../../../variables/reader.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';

/** Variables that name a file with a secret in it. */
const NAMED = [
  'HANDOFF_CONFIG_FILE',
  'HANDOFF_ALERTMANAGER_BEARER_TOKEN_FILE',
  'HANDOFF_ALERTMANAGER_BASIC_AUTH_FILE',
  'OTEL_CONFIG_FILE',
  'PGPASSFILE',
  'AWS_SHARED_CREDENTIALS_FILE',
];
const KEY_FILE = 'OTEL_EXPORTER_OTLP_CLIENT_KEY';
/** Read and write for anybody but the owner. */
const OTHERS = 0o077;

export const secretFilesCheck: Check = {
  name: 'settings.secret_files',
  group: 'settings',
  looksWhether:
    'files with secrets that variables name, or that programs look for by themselves, exist and can be read only by their owner',
  limitMs: 2000,
  run: async ({ env, settings: { DATABASE_URL: address } }) => {
    const files = [...namedFiles(env), ...(address === undefined ? [] : keysIn(address)), ...usualFiles(env)];
    const findings = (await Promise.all(files.map(findingOf))).flat();
    return findings.length > 0 ? findings : [fine('No file with a secret is open to other users.')];
  },
};

interface SecretFile {
  readonly path: string;
  /** What says that it is there; absent for one that is only looked for. */
  readonly namedBy?: string;
}

function namedFiles(env: NodeJS.ProcessEnv): readonly SecretFile[] {
  const names = [...NAMED, KEY_FILE, ...['traces', 'metrics', 'logs'].map((signal) => ownName(signal, KEY_FILE))];
  return names.flatMap((namedBy) => {
    const path = textOf(env, namedBy);
    return path === undefined ? [] : [{ path, namedBy }];
  });
}

/** `sslkey` in the address of the database. */
function keysIn(address: string): readonly SecretFile[] {
  const path = new URLSearchParams(address.split('?', 2)[1] ?? '').get('sslkey');
  return path === null ? [] : [{ path, namedBy: 'sslkey in DATABASE_URL' }];
}

function usualFiles(env: NodeJS.ProcessEnv): readonly SecretFile[] {
  const home = textOf(env, 'HOME') ?? homedir();
  return [{ path: join(home, '.pgpass') }, { path: join(home, '.aws', 'credentials') }];
}

async function findingOf({ path, namedBy }: SecretFile): Promise<readonly Finding[]> {
  try {
    const { mode } = await stat(path);
    if (process.platform === 'win32' || (mode & OTHERS) === 0) return [];
    return [warning(`Other users of this machine may use ${path}, which holds secrets.`, `Run chmod 600 ${path}.`)];
  } catch (error) {
    if (namedBy === undefined) return [];
    return [
      failure(
        `${namedBy} names a file that cannot be read (${errorCode(error) ?? 'unknown'}).`,
        `Correct ${namedBy}, or put the file there and let this user read it.`,
      ),
    ];
  }
}
