import { choice, text, textLike, wholeNumber } from './kinds.js';
import { LOG_LEVELS } from './logVariables.js';
import { Unset, variable } from './variable.js';

/** What the earlier handoff server read in place of DATABASE_URL. `databaseAddress` combines them. */
export const databasePartVariables = {
  DB_HOST: variable(
    textLike('a host name, an IP address or the absolute path of a folder with a socket', () => /^(?:\/[^\s]{1,1000}|[\w.:-]{1,253})$/),
    new Unset('`localhost`'),
    'Host of the PostgreSQL server.',
  ),
  DB_PORT: variable(wholeNumber(1, 65_535, 'port'), new Unset('`5432`'), 'Port of the PostgreSQL server.'),
  DB_NAME: variable(
    textLike('text of 1 to 63 characters, without ? and #', () => /^[^?#]{1,63}$/),
    new Unset('`ai_handoff`'),
    'Name of the database.',
  ),
  DB_USER: variable(text(63), new Unset('`ai_handoff_user`'), 'User to connect as.'),
  DB_PASSWORD: variable(
    { ...text(4096), secret: true },
    new Unset('none: required if any other of these is set'),
    'Password of this user, in plain form: nothing in it needs to be encoded.',
  ),
};

/** Names from the earlier server that have no other name here. */
export const identityVariables = {
  MCP_SERVER_NAME: variable(
    text(128),
    'ai-handoff-mcp',
    'Name that the server reports to clients. Also `service.name` of its telemetry, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES sets one.',
  ),
  MCP_SERVER_VERSION: variable(
    text(64),
    new Unset("this package's version"),
    'Version that the server reports to clients. Also `service.version` of its telemetry, unless OTEL_RESOURCE_ATTRIBUTES sets one.',
  ),
};

/** What the earlier server read in place of HANDOFF_LOG_LEVEL. */
export const logLevelVariables = {
  LOG_LEVEL: variable(choice(...LOG_LEVELS), new Unset('none'), 'Used when HANDOFF_LOG_LEVEL is not set.'),
};
