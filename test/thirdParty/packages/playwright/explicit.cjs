'use strict';
// The explicit way for a server with the SDK inside its own file: the package hands out the server, `instrumentServer` takes it.
const { PassThrough } = require('node:stream');
const { createConnection } = require('@playwright/mcp');

/** The least a transport can be; the bundle keeps its own to itself. */
function stdioTransport() {
  const transport = {
    start: () => {
      let rest = '';
      process.stdin
        .setEncoding('utf8')
        .pipe(new PassThrough({ encoding: 'utf8' }))
        .on('data', (text) => {
          const lines = (rest + text).split('\n');
          rest = lines.pop();
          for (const line of lines) transport.onmessage(JSON.parse(line));
        });
      return Promise.resolve();
    },
    send: (message) => new Promise((resolve) => process.stdout.write(`${JSON.stringify(message)}\n`, () => resolve())),
    close: () => Promise.resolve(transport.onclose?.()),
  };
  return transport;
}

async function main() {
  const [handoff, executablePath] = process.argv.slice(2);
  const server = await createConnection({ browser: { launchOptions: { executablePath, headless: true } } });
  if (handoff !== 'bare') {
    const { instrument } = await import(handoff);
    instrument({ stdio: true }).instrumentServer(server, { network: { transport: 'pipe' } });
  }
  await server.connect(stdioTransport());
  process.stdin.on('end', () => void server.close());
}
void main();
