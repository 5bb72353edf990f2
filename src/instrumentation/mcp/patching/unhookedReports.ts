import { errorMessage } from '../../../errors/classify.js';
import type { ProtocolLike, TransportLike } from '../shapes.js';

/** The maximum number of reports: transport classes may be created again for each connection. */
const MAX_REPORTS = 8;

/** Reports once per kind of transport that it could not be hooked, and what that means for its telemetry. */
export class UnhookedReports {
  readonly #report: (line: string) => void;
  readonly #said = new Set<string>();

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  /** Reports a transport that is left untouched. */
  note(transport: TransportLike, protocol: ProtocolLike | undefined): void {
    const name = nameOf(transport);
    this.#say(
      protocol === undefined
        ? `mcp: the transport ${name} cannot be hooked, because it is frozen, fixed or a Proxy, and no server or client is connected to it: its messages are not seen.`
        : `mcp: the transport ${name} cannot be hooked, because it is frozen, fixed or a Proxy. It is left untouched; its messages are seen at the server or client that is connected to it.`,
    );
  }

  /** Reports a transport of which no messages, or not all, will be seen. */
  failed(transport: TransportLike, error: unknown): void {
    this.#say(`mcp: some or all messages of the transport ${nameOf(transport)} are not seen: ${errorMessage(error)}.`);
  }

  #say(line: string): void {
    if (this.#said.size >= MAX_REPORTS || this.#said.has(line)) return;
    this.#said.add(line);
    this.#report(line);
  }
}

/** Returns the name of its class. A Proxy may throw on any access. */
function nameOf(transport: object): string {
  try {
    const { constructor } = transport;
    return typeof constructor === 'function' && constructor !== Object && constructor.name !== ''
      ? constructor.name.slice(0, 60)
      : 'without a class';
  } catch {
    return 'without a name';
  }
}
