import { wrapped } from '../report/terminal/wrapped.js';

const INDENT = '  ';

/**
 * What to do after the demo, as lines. Where the package is installed there is neither a script nor a file of the repository.
 *
 * @param isClone whether the demo runs in a clone of the repository
 * @param columns width of the terminal
 */
export function nextSteps(isClone: boolean, columns: number): string {
  const server = 'the server on http://127.0.0.1:3000/mcp, metrics on http://127.0.0.1:9464/metrics';
  const client = "the command to put into an MCP client's configuration";
  const collector = 'sends the telemetry of any of these to your collector';
  const steps = isClone
    ? [
        ['npm start', server],
        ['deploy/compose/secrets.sh && docker compose up --build', 'the full stack: collector, Prometheus, Tempo, Loki, Grafana'],
        ['node dist/cli.js serve --stdio', client],
      ]
    : [
        ['npx -y handoff-mcp-server', server],
        ['npx -y handoff-mcp-server --stdio', client],
        ['npx -y handoff-mcp-server report', 'what happened in the last seven days, once a server has run'],
      ];
  const all = [...steps, ['OTEL_EXPORTER_OTLP_ENDPOINT=http://host:4318', collector]];
  const width = Math.max(...all.map(([command = '']) => command.length));
  return all
    .flatMap(([command = '', text = '']) => {
      const line = `${INDENT}${command.padEnd(width)}${INDENT}${text}`;
      return line.length <= columns ? [line] : [`${INDENT}${command}`, ...wrapped(text, columns, INDENT.repeat(3))];
    })
    .join('\n');
}
