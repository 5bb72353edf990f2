import type { IncomingMessage, ServerResponse } from 'node:http';

const METHOD_HEADER = 'mcp-method';
const SUBSCRIPTION = 'subscriptions/listen';

/** The subscriptions that are open over HTTP, so that they can be ended: their clients never end them. */
export class OpenStreams {
  readonly #open = new Set<ServerResponse>();

  /** Takes note of an answer, if it is to a subscription. */
  note(request: IncomingMessage, response: ServerResponse): void {
    // The protocol wants this header to say the same as the message, and the SDK refuses what differs.
    if (request.headers[METHOD_HEADER] !== SUBSCRIPTION) return;
    this.#open.add(response);
    response.once('close', () => this.#open.delete(response));
  }

  /** Ends the answers. One that has not begun is left to the drain. */
  end(): void {
    for (const response of this.#open) if (response.headersSent) response.end();
  }
}
