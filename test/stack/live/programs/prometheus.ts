import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, LiveProgram } from './liveProgram.js';

export interface PrometheusOptions {
  readonly name: string;
  readonly binary: string;
  readonly logFolder: string;
  readonly flags: readonly string[];
  /** Its configuration; it may scrape itself at `ownTarget`. */
  readonly config: (ownTarget: string) => string;
}

export function startPrometheus({ name, binary, logFolder, flags, config }: PrometheusOptions): Promise<LiveProgram<'http'>> {
  return LiveProgram.start({
    name,
    logFolder,
    ports: ['http'],
    launch: ({ http }, folder) => {
      const configFile = join(folder, 'prometheus.yaml');
      writeFileSync(configFile, config(`127.0.0.1:${http}`));
      mkdirSync(join(folder, 'data'), { recursive: true });
      return {
        command: binary,
        args: [
          `--config.file=${configFile}`,
          `--storage.tsdb.path=${join(folder, 'data')}`,
          `--web.listen-address=127.0.0.1:${http}`,
          '--rules.alert.resend-delay=1s',
          ...flags,
        ],
      };
    },
    probe: ({ http }) => answers(`http://127.0.0.1:${http}/-/ready`),
  });
}
