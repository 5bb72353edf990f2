import { closestName } from '../probes/closestName.js';
import { telemetrySettings } from '../probes/probeInstrumentation.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';

export const telemetrySettingsCheck: Check = {
  name: 'telemetry.settings',
  group: 'telemetry',
  looksWhether: 'each `OTEL_*` variable is known and usable, telemetry is on, and each signal is sent somewhere',
  limitMs: 5000,
  run: async ({ env, settings, options }) => {
    const { notices, disabled, configFile, traces, metrics, logs } = telemetrySettings(env, settings, options.stdio);
    const findings: Finding[] = notices.map(noticeFinding);
    if (configFile?.usable === false)
      findings.push(
        failure('OTEL_CONFIG_FILE cannot be used, so there is no telemetry.', 'Correct the file; the line above says what is wrong.'),
      );
    else if (disabled) findings.push(warning('Telemetry is off (OTEL_SDK_DISABLED).', 'Unset OTEL_SDK_DISABLED to turn it on.'));
    for (const [signal, { otlp }] of Object.entries({ traces, metrics, logs }))
      if (!disabled && !otlp && !(signal === 'metrics' && !options.stdio))
        findings.push(
          warning(
            `The ${signal} are not sent (OTEL_${signal.toUpperCase()}_EXPORTER).`,
            `Set OTEL_${signal.toUpperCase()}_EXPORTER=otlp if you want them.`,
          ),
        );
    return findings.length > 0 ? findings : [fine('The telemetry settings are usable, and each signal is sent.')];
  },
};

function noticeFinding(notice: string): Finding {
  const [, name] = /^(OTEL_\w+) is not a recognised setting/.exec(notice) ?? [];
  const close = name === undefined ? undefined : closestName(name);
  return warning(
    notice,
    close === undefined ? 'Correct or remove it; docs/configuration.md says what it may be.' : `Did you mean ${close}?`,
  );
}
