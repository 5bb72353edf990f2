import { flag, hostNames, postgresUrl, text, textLike, token, url, wholeNumber } from './kinds.js';
import { logVariables } from './logVariables.js';
import { Unset, variable } from './variable.js';

export const storageVariables = {
  DATABASE_URL: variable(
    postgresUrl,
    new Unset('none: the embedded database under HANDOFF_DATA_DIR'),
    'PostgreSQL 15 or newer. If it names several hosts (`postgres://user:password@a:5432,b:5432/database`), the one that accepts writes is used, also after a failover. Without it, all servers of this user share one embedded database, which suits one machine but not replicas.',
  ),
  HANDOFF_DATA_DIR: variable(
    text(1024),
    new Unset('`$XDG_DATA_HOME/handoff-otel`, else `~/.local/share/handoff-otel`'),
    'Folder of the embedded database. It is created with mode 0700. Not used with PostgreSQL.',
  ),
  HANDOFF_PG_POOL_SIZE: variable(
    wholeNumber(1, 200, 'connections'),
    10,
    "Maximum for this process. All processes together must stay below the server's max_connections.",
  ),
  HANDOFF_PG_CONNECT_TIMEOUT_MS: variable(
    wholeNumber(100, 60_000, 'ms'),
    5000,
    'How long a call waits for a connection, retries included, before it fails.',
  ),
  HANDOFF_PG_STATEMENT_TIMEOUT_MS: variable(
    wholeNumber(100, 600_000, 'ms'),
    10_000,
    'The database cancels a statement that runs longer, and the call fails.',
  ),
  HANDOFF_PG_PREPARED_STATEMENTS: variable(
    flag,
    true,
    'Named prepared statements are faster. Turn them off behind a pooler that may send each statement to a different connection and cannot track them. They are never used on the embedded database.',
  ),
  HANDOFF_MIGRATE_ON_START: variable(
    flag,
    true,
    'Pending migrations are applied when the server starts. When false, the server refuses to start while migrations are pending; run `handoff-otel migrate` first.',
  ),
};

export const archiveVariables = {
  HANDOFF_ARCHIVE_DIR: variable(
    text(1024),
    new Unset('`archive` in HANDOFF_DATA_DIR with the embedded database; none with PostgreSQL'),
    'Folder for the objects of archived sessions, created with mode 0700. All servers of one database must see the same folder. With PostgreSQL and neither this nor a bucket, sessions are archived in the database: their rows stay there.',
  ),
  HANDOFF_ARCHIVE_S3_BUCKET: variable(
    textLike('the name of a bucket: 3 to 63 letters, digits, dots and hyphens', () => /^[A-Za-z0-9][A-Za-z0-9.-]{1,61}[A-Za-z0-9]$/),
    new Unset('none: HANDOFF_ARCHIVE_DIR is used'),
    'Bucket for the objects of archived sessions, in S3 or an S3-compatible service. Needs the package `@aws-sdk/client-s3`; the credentials are those that the AWS SDK finds, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  ),
  HANDOFF_ARCHIVE_S3_PREFIX: variable(
    textLike(
      'up to 200 letters, digits and the characters _ . - /, without a slash at either end',
      () => /^[\w.-](?:[\w./-]{0,198}[\w.-])?$/,
    ),
    new Unset('none'),
    'Prefix of the key of every object in the bucket; a slash follows it.',
  ),
  HANDOFF_ARCHIVE_S3_ENDPOINT: variable(
    url('https', 'http'),
    new Unset("AWS's own"),
    'Address of the service, for services other than AWS.',
  ),
  HANDOFF_ARCHIVE_S3_REGION: variable(
    textLike('the name of a region, such as eu-central-1', () => /^[a-z0-9-]{1,64}$/),
    new Unset('`AWS_REGION`, else `us-east-1`'),
    'Region of the bucket.',
  ),
  HANDOFF_ARCHIVE_S3_FORCE_PATH_STYLE: variable(
    flag,
    false,
    'Puts the name of the bucket into the path instead of the host name; most services other than AWS need this.',
  ),
  HANDOFF_ARCHIVE_S3_TIMEOUT_MS: variable(
    wholeNumber(1000, 600_000, 'ms'),
    60_000,
    'Time limit for one operation on the bucket, retries included. It must be long enough for the largest objects.',
  ),
};

export const httpVariables = {
  HANDOFF_HTTP_HOST: variable(
    text(253),
    '127.0.0.1',
    'Address to listen on. Anything but loopback needs HANDOFF_HTTP_BEARER_TOKEN or a proxy that authenticates.',
  ),
  HANDOFF_HTTP_PORT: variable(wholeNumber(0, 65_535, 'port'), 3000, '0 picks a free port. The address is logged.'),
  HANDOFF_HTTP_ALLOWED_HOSTS: variable(
    hostNames,
    new Unset('`localhost`, `127.0.0.1`, `[::1]`'),
    'Values accepted in the Host header, as a guard against DNS rebinding.',
  ),
  HANDOFF_HTTP_ALLOWED_ORIGINS: variable(
    hostNames,
    new Unset('`localhost`, `127.0.0.1`, `[::1]`'),
    'Hosts whose pages may use the server from a browser, with any scheme and port; others are refused. Requests without Origin, which do not come from a browser, are accepted.',
  ),
  HANDOFF_HTTP_MAX_BODY_BYTES: variable(
    wholeNumber(1024, 67_108_864, 'bytes'),
    4_194_304,
    'A larger request is answered with 413 before it is read.',
  ),
  HANDOFF_HTTP_BEARER_TOKEN: variable(
    token(16, 4096),
    new Unset('none: no token is required'),
    'When it is set, every MCP request must carry it as `Authorization: Bearer`.',
  ),
  HANDOFF_HTTP_MAX_CONNECTIONS: variable(
    wholeNumber(1, 65_535, 'connections'),
    1000,
    'Maximum number of connections. When it is reached, idle connections are closed; if none is idle, new connections are closed at once.',
  ),
  HANDOFF_HTTP_KEEP_ALIVE_MS: variable(
    wholeNumber(1000, 3_600_000, 'ms'),
    65_000,
    'How long a connection may be idle between two requests. It must be longer than the idle timeout of a proxy in front (nginx and load balancers: 60 s). Otherwise, a request that the proxy sends over a connection that is just being closed fails with 502.',
  ),
  HANDOFF_HTTP_MAX_OPEN_ANSWERS: variable(
    wholeNumber(1, 65_535, 'requests'),
    500,
    'Maximum number of requests not yet answered in full. Any further one is answered with 503 and `Retry-After`. Up to half of them may be subscriptions.',
  ),
  HANDOFF_HTTP_MAX_HELD_BYTES: variable(
    wholeNumber(1_048_576, 68_719_476_736, 'bytes'),
    134_217_728,
    'Maximum size of the request bodies being read and the answers not yet read by their clients, all together. When it is exceeded, the client that holds the most is disconnected.',
  ),
  HANDOFF_HTTP_UNREAD_TIMEOUT_MS: variable(
    wholeNumber(100, 3_600_000, 'ms'),
    30_000,
    'A client that has not read its answer, or the part of it written so far, after this time is disconnected.',
  ),
};

export const jobVariables = {
  HANDOFF_JOBS_ENABLED: variable(
    flag,
    true,
    'Whether this process runs scheduled jobs. When false, its tools still show and configure them, and other processes run what they ask for. On the embedded database only the process that holds it runs jobs.',
  ),
  HANDOFF_JOBS_SCHEMA: variable(
    textLike(
      '1 to 40 lower-case letters, digits and underscores, not starting with a digit or `pg_`',
      () => /^(?!pg_)[a-z_][a-z0-9_]{0,39}$/,
    ),
    'handoff_jobs',
    'PostgreSQL schema of the job queue, which nothing else may use: pg-boss updates what it finds there. All processes must have the same.',
  ),
};

export const limitVariables = {
  HANDOFF_MAX_CONTENT_BYTES: variable(
    wholeNumber(1024, 33_554_432, 'bytes'),
    1_048_576,
    'Largest content of one context entry, in UTF-8. A larger one is refused.',
  ),
  HANDOFF_MAX_METADATA_BYTES: variable(
    wholeNumber(256, 8_388_608, 'bytes'),
    65_536,
    'Largest metadata or requestData of one call, as JSON. Larger ones are refused.',
  ),
  HANDOFF_MAX_ANSWER_BYTES: variable(
    wholeNumber(524_288, 67_108_864, 'bytes'),
    4_194_304,
    'Maximum size of an answer, as a JSON-RPC message. Pages end before it is exceeded; larger entries are truncated and can be read in ranges. Clients of the TypeScript SDK close a stdio connection on a message above 10 MiB.',
  ),
  HANDOFF_SESSION_TTL_HOURS: variable(
    wholeNumber(1, 87_600, 'hours'),
    new Unset('the `activeSessionTtl` of the policy `standard`: 24 unless it was changed'),
    'How long a session may be idle before it expires, if neither an argument nor a rule chose its [retention policy](retention.md).',
  ),
  HANDOFF_STORAGE_LIMIT_BYTES: variable(
    wholeNumber(1_048_576, 1_000_000_000_000_000 - 1, 'bytes'),
    new Unset('none: nothing is compared'),
    'Storage available for the database and the archive together. The storage report says in how many days it will be used up, and warns when that is near.',
  ),
  HANDOFF_ADMIN_TOOLS: variable(
    flag,
    false,
    'Offers the tools for operators, which change retention policies and can hold and erase any session. Every client can call them, so keep such a server from ordinary agents.',
  ),
  HANDOFF_HANDOFF_TIMEOUT_HOURS: variable(
    wholeNumber(1, 87_600, 'hours'),
    24,
    'How long the target of a handoff may take to accept or reject it before it times out. Handoffs only time out for agents that use their inbox ([tools.md](tools.md#handoffs)).',
  ),
};

export const serverProcessVariables = {
  ...logVariables,
  HANDOFF_SHUTDOWN_TIMEOUT_MS: variable(
    wholeNumber(0, 600_000, 'ms'),
    5000,
    'How long running calls may take to finish after SIGTERM. Calls that still run after that are cut off.',
  ),
};

export const configFileVariables = {
  HANDOFF_CONFIG_FILE: variable(
    text(1024),
    new Unset('none'),
    'JSON file with settings, as an object with the names of this section. The environment takes precedence. If it is set, SIGHUP makes the server read the file again, instead of ending it.',
  ),
  HANDOFF_CONFIG_WATCH: variable(
    flag,
    false,
    'Whether the server checks the file every five seconds, and reads it again when its content has changed.',
  ),
};
