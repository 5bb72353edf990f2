import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, LiveProgram } from './liveProgram.js';

export interface AlertmanagerOptions {
  readonly name: string;
  readonly binary: string;
  readonly logFolder: string;
  /** The text of its configuration. */
  readonly config: string;
}

export function startAlertmanager({ name, binary, logFolder, config }: AlertmanagerOptions): Promise<LiveProgram<'http'>> {
  return LiveProgram.start({
    name,
    logFolder,
    ports: ['http'],
    launch: ({ http }, folder) => {
      const configFile = join(folder, 'alertmanager.yaml');
      writeFileSync(configFile, config);
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
