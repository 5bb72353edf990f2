#!/usr/bin/env node
// The `handoff-otel` command. Imports nothing before the version check: under an older Node our modules fail while loading,
// with an error that names a missing API instead of the remedy. Syntax and APIs here must exist in every Node with ES modules.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 23 || (major === 23 && minor >= 7) || (major === 22 && minor >= 15)) {
  const { main } = await import('./handoff/cli/main.js');
  const exitCode = await main(process.argv.slice(2));
  // 0 is the default; setting it would hide a stdout that could not be written.
  if (exitCode !== 0) process.exitCode = exitCode;
  // A server has closed everything and sent its telemetry by now: what still keeps it alive (a peer that never closes its
  // end, say) must not keep it for ever. Other commands may have output that a slow reader has yet to take.
  if (process.argv[2] === 'serve') setTimeout(() => process.exit(), 1000).unref();
} else {
  process.stderr.write(
    `handoff-otel needs Node.js 22.15 or newer${major === 23 ? ', and of Node 23 at least 23.7' : ''}, but this is ${process.versions.node} (${process.execPath}).\n` +
      'Install a newer one from https://nodejs.org, or name it in the command your MCP client runs.\n',
  );
  process.exitCode = 1;
}
