import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../../src/instrumentation/settings/resolve.js';
import { folder, path } from './configFile.js';

describe('a file that cannot be used turns telemetry off, says why and quotes nothing of it', () => {
  it.each([
    ['broken YAML', 'file_format: "1.1"\nresource:\n  attributes:\n    - name: a\n      value: "hunter2\n', /invalid YAML at line \d+/],
    ['a key twice', 'file_format: "1.1"\ndisabled: true\ndisabled: hunter2\n', /invalid YAML at line 3/],
    ['an unknown value', 'file_format: "1.1"\nlog_level: hunter2\n', /\/log_level must be equal to one of the allowed values/],
    ['another format', 'file_format: "0.3"\n', /supports schema version 1/],
    ['no format', 'disabled: false\n', /file_format/],
    ['a reference that is none', 'file_format: "1.1"\nresource:\n  schema_url: "${A B:-hunter2}"\n', /\$\{…\}/],
  ])('%s', (_what, yaml, reason) => {
    writeFileSync(path, yaml);
    const settings = resolveSettings({}, { OTEL_CONFIG_FILE: path });
    expect(settings).toMatchObject({ disabled: true, configFile: { path, usable: false } });
    expect(settings.notices.join('\n')).toMatch(reason);
    expect(settings.notices.join('\n')).not.toContain('hunter2');
    expect(settings.notices.join('\n')).toMatch(/[^.]\.$/);
  });

  it.each([
    ['missing', join(folder, 'none.yaml'), 'there is no such file'],
    ['a folder', folder, 'not a file of at most 1 MiB'],
  ])('%s', (_what, file, reason) => {
    const settings = resolveSettings({}, { OTEL_CONFIG_FILE: file });
    expect(settings.disabled).toBe(true);
    expect(settings.notices).toEqual([
      `OTEL_CONFIG_FILE ${file} cannot be used, and telemetry stays off: ${reason === 'there is no such file' ? reason : 'it is not a file of at most 1 MiB'}.`,
    ]);
  });
});
