import { failureOf } from '../lab.js';
import type { Lab } from '../lab.js';
import { graded, notApplicable } from '../row.js';
import type { Finding, Row } from '../row.js';
import { modernRequest, openHandler } from '../stages/http.js';
import { Probe } from '../stages/stage.js';

const ECHO = { id: 1, method: 'tools/call', params: { name: 'echo', arguments: { text: 'a' } } };

const hasHandlers = (lab: Lab): boolean => lab.subject.roads.some((road) => road !== 'v1');

/** Whether a handler's answer to a request came with a span. */
async function told(lab: Lab, make: () => Request): Promise<boolean> {
  await lab.quiet();
  lab.subject.clear();
  const handler = openHandler(lab.subject, 'plain', new Probe());
  const response = await handler.fetch(make());
  // The first event of a stream is enough; a stream of notifications never ends by itself.
  const reader = response.body?.getReader();
  await reader?.read();
  const seen = (await lab.spans((spans) => spans.length > 0)).length > 0;
  await reader?.cancel();
  await failureOf(Promise.resolve(handler.close?.()));
  return seen;
}

export const entryRows: readonly Row[] = [
  {
    title: 'refusals before a server exists',
    rule: '`createMcpHandler` refuses a header that does not match the body, and a protocol version it does not know. Y: a span for both. P: for one. -: for none. n.a.: no SDK v2.',
    test: 'test/integration/instrumentation/mcp/handlers.test.ts',
    once: true,
    run: async (lab): Promise<Finding> => {
      if (!hasHandlers(lab)) return notApplicable('no SDK v2');
      const version = { 'io.modelcontextprotocol/protocolVersion': '2027-01-01' };
      return graded({
        'header mismatch': await told(lab, () => modernRequest(ECHO, { 'mcp-name': 'refuse' })),
        'unknown version': await told(lab, () =>
          modernRequest({ ...ECHO, params: { ...ECHO.params, _meta: version } }, { 'mcp-protocol-version': '2027-01-01' }),
        ),
      });
    },
  },
  {
    title: '`subscriptions/listen`',
    rule: 'Y: a span for it. -: none. n.a.: no SDK v2.',
    test: 'test/integration/instrumentation/mcp/handlers.test.ts',
    once: true,
    run: async (lab): Promise<Finding> => {
      if (!hasHandlers(lab)) return notApplicable('no SDK v2');
      const seen = await told(lab, () =>
        modernRequest({ id: 'sub-1', method: 'subscriptions/listen', params: { notifications: { toolsListChanged: true } } }),
      );
      return { cell: seen ? 'Y' : '-', observed: seen ? 'a span' : 'none' };
    },
  },
];
