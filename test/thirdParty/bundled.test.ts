import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../src/testing.js';
import type { OtlpReceiver } from '../../src/testing.js';
import { expectPoints, expectServerSpan, mcpServerSpans, seen } from './support/checks.js';
import { callTool, openings } from './support/exchange.js';
import { install } from './support/install.js';
import type { Installation } from './support/install.js';
import { fileInDist } from './support/program.js';
import { runOverStdio } from './support/stdioRun.js';
import type { Run } from './support/stdioRun.js';
import type { Row } from './support/table.js';

/** So every machine gives the same answer, whether it has a browser or not. */
const NO_BROWSER = '/no/such/browser';
const requests = [
  ...openings['with initialize'],
  callTool('browser_close'),
  callTool('browser_navigate', { url: 'about:blank' }),
  callTool('browser_navigate', {}),
  { method: 'no/such/method' },
];
const script = { era: 'with initialize', requests } as const;

describe('a server with the SDK bundled into its own file: @playwright/mcp', () => {
  let receiver: OtlpReceiver;
  let installation: Installation;
  let row: Omit<Row, 'subject' | 'spans' | 'points'>;

  beforeAll(async () => {
    installation = await install('playwright');
    row = {
      sdk: 'v1, bundled',
      format: 'CJS',
      transport: 'stdio',
      protocol: '2025-06-18',
      calls: requests.length,
      stdout: 'clean',
      results: 'equal',
    };
  });

  beforeAll(async () => {
    receiver = await startOtlpReceiver();
  });

  afterAll(async () => {
    await receiver.close();
  });

  /** Equal to the bare run, and every message of it in telemetry. */
  async function expectWhole(bare: Run, observed: Run): Promise<Pick<Row, 'spans' | 'points'>> {
    expect(observed).toEqual(bare);
    const { conversation } = observed;
    await receiver.waitFor((received) =>
      conversation.exchanges.map((exchange) => expectServerSpan(received, exchange, conversation, 'stdio')),
    );
    const points = await receiver.waitFor((received) => expectPoints(received, conversation, 'stdio'));
    const spans = mcpServerSpans(receiver);
    expect(spans).toHaveLength(conversation.exchanges.length + conversation.notified);
    return { spans: String(spans.length), points: String(points) };
  }

  it('yields every span under register, unchanged', async ({ task }) => {
    const start = {
      args: [join(installation.folder, 'node_modules/@playwright/mcp/cli.js'), '--headless', '--executable-path', NO_BROWSER],
      cwd: installation.folder,
    };
    const bare = await runOverStdio(start, script);
    const observed = await runOverStdio(start, script, { endpoint: receiver.url, stdio: true, arrived: seen(receiver) });
    const found = await expectWhole(bare, observed);
    task.meta.row = { ...row, subject: `@playwright/mcp ${installation.versionOf('@playwright/mcp')} (register)`, ...found };
  });

  it('yields every span when its server is handed to instrumentServer()', async ({ task }) => {
    receiver.reset();
    const start = (handoff: string): Parameters<typeof runOverStdio>[0] => ({
      args: [join(installation.folder, 'explicit.cjs'), handoff, NO_BROWSER],
      cwd: installation.folder,
    });
    const bare = await runOverStdio(start('bare'), script);
    const observed = await runOverStdio(start(fileInDist('index.js')), script, {
      endpoint: receiver.url,
      stdio: true,
      way: 'explicit',
      arrived: seen(receiver),
    });
    const found = await expectWhole(bare, observed);
    task.meta.row = { ...row, subject: `@playwright/mcp ${installation.versionOf('@playwright/mcp')} (instrumentServer)`, ...found };
  });
});
