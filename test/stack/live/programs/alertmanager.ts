import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { DIVIDE_TIMES_BY } from '../timing.js';
import { answers, LiveProgram } from './liveProgram.js';

export interface AlertmanagerOptions {
  readonly name: string;
  readonly binary: string;
  readonly logFolder: string;
  /** The project's own configuration. */
  readonly projectText: string;
  /** Where the receiver whose address stands in the file of this name is to send. */
  readonly webhookUrl: (secretFile: string) => string;
}

const PAUSES = ['group_wait', 'group_interval', 'repeat_interval'];
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** Alertmanager sends nothing more often than this. */
const SHORTEST_PAUSE_MS = 200;

export function startAlertmanager(options: AlertmanagerOptions): Promise<LiveProgram<'http'>> {
  const { name, binary, logFolder } = options;
  return LiveProgram.start({
    name,
    logFolder,
    ports: ['http'],
    launch: ({ http }, folder) => {
      const configFile = join(folder, 'alertmanager.yaml');
      writeFileSync(configFile, liveConfig(options, folder));
      return {
        command: binary,
        args: [
          `--config.file=${configFile}`,
          `--storage.path=${join(folder, 'data')}`,
          `--web.listen-address=127.0.0.1:${http}`,
          // No other replicas: the default would look for them on the network.
          '--cluster.listen-address=',
        ],
      };
    },
    probe: ({ http }) => answers(`http://127.0.0.1:${http}/-/ready`),
  });
}

/** The project's configuration, its pauses divided like the rules' and its secrets in files of this run. */
function liveConfig({ projectText, webhookUrl }: AlertmanagerOptions, folder: string): string {
  const secrets = join(folder, 'secrets');
  mkdirSync(secrets, { recursive: true });
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (PAUSES.includes(key)) return [key, dividedPause(String(inner))];
        if (key === 'url_file') return [key, secretFile(String(inner))];
        return [key, walk(inner)];
      }),
    );
  };
  const secretFile = (path: string): string => {
    const file = join(secrets, basename(path));
    writeFileSync(file, webhookUrl(basename(path)), { mode: 0o600 });
    return file;
  };
  return stringify(walk(parse(projectText)));
}

function dividedPause(duration: string): string {
  const seconds = [...duration.matchAll(/(\d+)([smhd])/g)].reduce((sum, [, count, unit = '']) => sum + Number(count) * (SECONDS[unit] ?? 0), 0);
  return `${Math.max(SHORTEST_PAUSE_MS, Math.round((seconds * 1000) / DIVIDE_TIMES_BY))}ms`;
}
