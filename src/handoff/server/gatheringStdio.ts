import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import type { Writable } from 'node:stream';

/**
 * The SDK's stdio transport, except that the answers of one turn of the event loop are written together.
 *
 * On a pipe each write is a separate system call that wakes the client, which then competes with this server for the core
 * it runs on. Under load ten answers are ready in one turn; a single one is still sent in the same turn as before.
 */
export class GatheringStdioTransport extends StdioServerTransport {
  readonly #output: Writable;
  #isHeld = false;

  /** @param maxMessageBytes a longer line ends the connection; the SDK's default is 10 MiB */
  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream, maxMessageBytes?: number) {
    super(input, output, maxMessageBytes === undefined ? {} : { maxBufferSize: maxMessageBytes });
    this.#output = output;
    // The SDK listens once for each answer that a slow client has not read yet. Beyond ten, Node.js would warn of a memory leak.
    output.setMaxListeners(0);
  }

  override send(message: JSONRPCMessage): Promise<void> {
    if (!this.#isHeld) {
      this.#isHeld = true;
      this.#output.cork();
      setImmediate(() => {
        this.#isHeld = false;
        this.#output.uncork();
      });
    }
    return super.send(message);
  }
}
