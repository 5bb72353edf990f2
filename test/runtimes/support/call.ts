const VERSION = '2026-07-28';

/** Calls `roll` as a client without `initialize` does; returns the text of the answer. */
export async function callRoll(port: string, sides: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': VERSION,
      'mcp-method': 'tools/call',
      'mcp-name': 'roll',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'roll',
        arguments: { sides },
        _meta: {
          'io.modelcontextprotocol/protocolVersion': VERSION,
          'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  });
  const text = await response.text();
  // One event, or plain JSON.
  const answer = JSON.parse(text.replace(/^.*?data: /s, '')) as { result?: { content?: { text: string }[] } };
  return answer.result?.content?.[0]?.text ?? text;
}
