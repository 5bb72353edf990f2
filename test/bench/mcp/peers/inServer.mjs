// What the `server.mjs` of each peer uses. They are loaded by `--import` before the handoff server, which knows nothing of them.

/**
 * Switches the telemetry of the handoff server off, once the peer has read its own settings: it starts no SDK and instruments nothing.
 * What its services say by OpenTelemetry's API goes to the SDK that is registered, if that one has the same API.
 */
export function switchOwnTelemetryOff() {
  process.env.OTEL_SDK_DISABLED = 'true';
}

/**
 * Has `wrap` instrument each server of the SDK before its first tool is registered, as its documentation wants it. The command gives no way
 * to get at the servers that it makes, one for each request, so this is at their class.
 */
export async function wrapServers(wrap) {
  const { McpServer } = await import('@modelcontextprotocol/server');
  wrapServersOf(McpServer, wrap);
}

/** `wrap` returns the server that it was given, with methods of its own, or something else by which its tools are to be registered. */
export function wrapServersOf(Server, wrap) {
  const { registerTool } = Server.prototype;
  const wrapped = new WeakMap();
  let isInside = false;
  Server.prototype.registerTool = function (...tool) {
    const known = wrapped.get(this);
    if (known === this || isInside) return registerTool.apply(this, tool);
    const server = known ?? wrap(this);
    wrapped.set(this, server);
    isInside = server !== this;
    try {
      return server.registerTool(...tool);
    } finally {
      isInside = false;
    }
  };
}

/** Sends what the peer still holds when the server is told to end, so that all of it is counted. */
export function sendTheRestAtTheEnd(send) {
  process.once('SIGTERM', () => {
    Promise.resolve(send()).catch((error) => process.stderr.write(`${String(error)}\n`));
  });
}
