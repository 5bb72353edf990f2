import { ConfigError } from '../../../../errors/configError.js';
import type { ConfigProblem } from '../../../../errors/configError.js';
import { withConfigFile } from '../../../config/configFile.js';
import { namesDatabase } from '../../../config/databaseAddress.js';
import { resolveConfig } from '../../../config/resolve.js';
import type { HandoffConfig } from '../../../config/resolve.js';

/** The settings of a server, as far as they can be used. */
export interface ReadSettings extends HandoffConfig {
  /** The variables that are set, in the environment or in the configuration file. */
  readonly env: NodeJS.ProcessEnv;
  /** Whether the environment names a PostgreSQL server, usable or not. */
  readonly namesPostgres: boolean;
  /** What the server would refuse to start with. */
  readonly problems: readonly ConfigProblem[];
}

const PARTS_OF_ADDRESS = ['DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD'];

/** Reads the settings as the server does. Those that it refuses are left out and listed, so that the rest can be looked at. */
export function readSettings(environment: NodeJS.ProcessEnv): ReadSettings {
  const { env, problems: fileProblems } = readConfigFile(environment);
  const namesPostgres = namesDatabase(env);
  try {
    return { ...resolveConfig(env), env, namesPostgres, problems: fileProblems };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { problems } = error.data;
    return { ...resolveConfig(withoutUnusable(env, problems)), env, namesPostgres, problems: [...fileProblems, ...problems] };
  }
}

/** The environment with what the configuration file adds, or alone where the file cannot be used. */
function readConfigFile(env: NodeJS.ProcessEnv): Pick<ReadSettings, 'env' | 'problems'> {
  try {
    return { env: withConfigFile(env), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { env, problems: error.data.problems };
  }
}

/** The parts of an address are of use only together. A data folder that nobody named has to be named, or nothing could be read. */
function withoutUnusable(env: NodeJS.ProcessEnv, problems: readonly ConfigProblem[]): NodeJS.ProcessEnv {
  const keys = new Set(problems.map(({ key }) => key));
  const isAddress = PARTS_OF_ADDRESS.some((name) => keys.has(name));
  const usable = Object.entries(env).filter(([name]) => !keys.has(name) && !(isAddress && PARTS_OF_ADDRESS.includes(name)));
  return { HANDOFF_DATA_DIR: '.', ...Object.fromEntries(usable) };
}
