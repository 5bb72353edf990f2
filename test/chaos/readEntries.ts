import type { Client } from '@modelcontextprotocol/client';

interface Page {
  readonly contextHistory: readonly { readonly sequenceNumber: number; readonly content: string }[];
  readonly nextAfter?: number;
}

/** Every entry of a session by its number, as an agent reads them; or why they cannot be read. */
export async function readEntries(client: Client, sessionKey: string): Promise<ReadonlyMap<number, string> | string> {
  const entries = new Map<number, string>();
  for (let after: number | undefined; ; ) {
    const result = await client.callTool({ name: 'get_context', arguments: { sessionKey, ...(after === undefined ? {} : { after }) } });
    const [first] = result.content as readonly { readonly text?: string }[];
    if (result.isError === true) return `${sessionKey}: it cannot be read: ${first?.text ?? ''}`;
    const page = JSON.parse(first?.text ?? '{}') as Page;
    for (const { sequenceNumber, content } of page.contextHistory) entries.set(sequenceNumber, content);
    if (page.nextAfter === undefined) return entries;
    after = page.nextAfter;
  }
}
