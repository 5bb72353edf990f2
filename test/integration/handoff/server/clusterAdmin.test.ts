import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { freePort } from '../../../setup/freePort.js';
import { runProcess } from '../../instrumentation/instrumentedProcess.js';

const folder = mkdtempSync(join(tmpdir(), 'handoff-cluster-admin-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PROGRAM = `
  import cluster from 'node:cluster';
  import { serveAdminHttp } from '${pathToFileURL(join(process.cwd(), 'src/handoff/server/admin/adminHttp.ts')).href}';
  const ofWorker = (worker) => new Promise((resolve) => worker.once('message', resolve));
  if (cluster.isPrimary) {
    const first = await ofWorker(cluster.fork());
    const second = await ofWorker(cluster.fork());
    const answers = [];
    for (let asked = 0; asked < 4; asked += 1) answers.push(await (await fetch(first + '/metrics', { headers: { connection: 'close' } })).text());
    process.stdout.write(JSON.stringify({ second, answers }));
    process.exit();
  } else {
    const source = { metrics: async () => ({ status: 200, headers: {}, body: 'worker ' + cluster.worker.id, ageMs: 0 }) };
    process.send(await serveAdminHttp({ host: '127.0.0.1', port: Number(process.env.ADMIN_PORT), source }).then(({ url }) => url, (error) => error.code));
    setInterval(() => {}, 1000);
  }`;

it('belongs to one worker of a cluster, and the others are told that it is taken', { timeout: 60_000 }, async () => {
  const file = join(folder, 'program.mjs');
  writeFileSync(file, PROGRAM);
  const code = `import cluster from 'node:cluster'; cluster.setupPrimary({ exec: ${JSON.stringify(file)}, execArgv: ['--no-warnings', '--import', './tools/resolveSource.mjs'] }); await import(${JSON.stringify(pathToFileURL(file).href)});`;
  const { stdout } = await runProcess({ code, env: { ADMIN_PORT: String(await freePort()) } });
  expect(JSON.parse(stdout)).toEqual({ second: 'EADDRINUSE', answers: ['worker 1', 'worker 1', 'worker 1', 'worker 1'] });
});
