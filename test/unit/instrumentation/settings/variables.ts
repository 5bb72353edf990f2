import type { SettingsIo } from '../../../../src/instrumentation/settings/io.js';
import { resolveSettings } from '../../../../src/instrumentation/settings/resolve.js';
import type { TelemetrySettings } from '../../../../src/instrumentation/settings/resolve.js';

export type Env = Readonly<Record<string, string>>;
export type Expected = Readonly<Record<string, unknown>>;

const io: SettingsIo = {
  readFile: (path) => {
    if (path.includes('missing')) throw new Error('no such file');
    return Buffer.from(path);
  },
  readConfigFile: () => {
    throw new Error('not used');
  },
};

/** What variables alone say, without a file and without options. */
export const settingsOf = (env: Env): TelemetrySettings => resolveSettings({}, env, io);
