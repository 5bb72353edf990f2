import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { resolveSettings } from '../../../../src/instrumentation/settings/resolve.js';
import type { TelemetrySettings } from '../../../../src/instrumentation/settings/resolve.js';

export const folder = mkdtempSync(join(tmpdir(), 'handoff-config-'));
export const path = join(folder, 'otel.yaml');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Settings of a file with the given sections; `file_format` comes by itself. */
export function settingsOf(
  yaml: string,
  options: Parameters<typeof resolveSettings>[0] = {},
  env: Record<string, string> = {},
): TelemetrySettings {
  writeFileSync(path, `file_format: "1.1"\n${yaml}`);
  return resolveSettings(options, { OTEL_CONFIG_FILE: path, ...env });
}
