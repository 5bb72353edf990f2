#!/usr/bin/env node
// `handoff-mcp-server [--stdio]` is `handoff-otel serve [--stdio]`. All other arguments are passed on as they are. It is CommonJS, since
// `handoff-otel` tells a Node that is too old what it needs, and an old Node has to get that far.
if (process.argv[2] === undefined || process.argv[2] === '--stdio') process.argv.splice(2, 0, 'serve');
import(require('node:url').pathToFileURL(require.resolve('handoff-otel/package.json').replace(/package\.json$/, 'dist/cli.js')).href);
