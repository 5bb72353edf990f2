import { PassThrough } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';

/** A stdio transport with both ends in the test's hands. */
export class StdioLine {
  readonly stdin = new PassThrough();
  readonly transport: StdioServerTransport;
  #written = '';

  constructor() {
    const stdout = new PassThrough();
    stdout.on('data', (chunk: Buffer) => (this.#written += chunk.toString()));
    this.transport = new StdioServerTransport(this.stdin, stdout);
  }

  send(message: object): void {
    this.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  /** All messages written so far. */
  get answers(): readonly unknown[] {
    return this.#written
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
  }
}
