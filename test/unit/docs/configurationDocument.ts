import { environmentSchema } from '../../../src/handoff/config/schema.js';
import { settingMeta } from '../../../src/handoff/config/settingMeta.js';

const HEAD = `# Configuration

Generated from \`src/handoff/config/schema.ts\` by \`npm run docs\`; a test fails when the two differ.

The handoff server is configured by environment variables. A value that cannot be used stops the start with exit code 2
and one message that lists every such value. \`OTEL_*\` variables have the meaning OpenTelemetry gives them and are read by
\`instrument()\`: endpoint, headers, protocol, sampler, resource attributes, \`OTEL_SDK_DISABLED\` and the rest.
`;

/** The whole of `docs/configuration.md`. */
export function configurationDocument(): string {
  const keys = Object.keys(environmentSchema.shape);
  const groups = [...new Set(keys.map((key) => settingMeta(key).group))];
  const sections = groups.map((group) => {
    const rows = keys.filter((key) => settingMeta(key).group === group).map(row);
    return `## ${group}\n\n| Variable | Allowed | Unit | Default | Meaning |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `${HEAD}\n${sections.join('\n')}`;
}

function row(key: string): string {
  const { allowed, unit, default: byDefault, doc } = settingMeta(key);
  return `| \`${key}\` | ${allowed} | ${unit} | ${byDefault} | ${doc} |`;
}
