#!/usr/bin/env node
// The `handoff-otel` command. It imports nothing before the version check: under an older Node our modules fail while loading,
// with an error that names a missing API instead of the remedy. The syntax and APIs used here must exist in every Node with ES modules.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 23 || (major === 23 && minor >= 7) || (major === 22 && minor >= 15)) {
  const { main } = await import('./handoff/cli/main.js');
  const exitCode = await main(process.argv.slice(2));
  // 0 is the default; setting it would hide a failed write to stdout.
  if (exitCode !== 0) process.exitCode = exitCode;
  // A server has closed everything and sent its telemetry by now: what still keeps it alive (say, a peer that never closes its
  // end) must not do so forever. Other commands may have output that a slow reader has not read yet.
  if (process.argv[2] === 'serve') setTimeout(() => process.exit(), 1000).unref();
} else {
  process.stderr.write(
    `handoff-otel needs Node.js 22.15 or newer${major === 23 ? ' (on Node 23: 23.7 or newer)' : ''}, but this is ${process.versions.node} (${process.execPath}).\n` +
      'Install a newer version from https://nodejs.org, or specify one in the command that your MCP client runs.\n',
  );
  process.exitCode = 1;
}
