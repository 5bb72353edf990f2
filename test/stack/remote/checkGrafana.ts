import { readBoards } from '../queries/boards.js';
import { readDataSources } from '../queries/datasources.js';
import type { Asker } from './asker.js';
import type { SourceUids } from './boardAddress.js';
import { checkPages } from './checkPages.js';
import { GrafanaApi } from './grafanaApi.js';
import { panelQueries } from './panels.js';
import type { FilledQuery } from './panels.js';
import { AllowedEmpty } from './report.js';
import type { Found } from './report.js';
import { times } from './run.js';
import type { Run } from './run.js';
import type { Targets } from './targets.js';
import { isMetricsQuery } from './tempoApi.js';

const PART = 'Grafana';

/** Data sources, dashboards, every query through Grafana, and every dashboard in a browser. What was missing is removed afterwards. */
export async function checkGrafana(run: Run, targets: Targets, anonymous: Asker): Promise<void> {
  const { report } = run;
  const headers = targets.grafanaAuthorization === undefined ? {} : { authorization: targets.grafanaAuthorization };
  const known = await new GrafanaApi(anonymous.with(headers)).isKnown();
  const api = new GrafanaApi(known ? anonymous.with(headers) : anonymous);
  await report.check(PART, 'answers', async () => `version ${await api.version()}${known ? '' : '; nobody is logged in'}`);
  await using cleanUp = new AsyncDisposableStack();
  const uids = await provideSources(run, targets, api, cleanUp);
  for (const board of readBoards()) {
    await report.check(PART, `has the board ${board.uid}`, async () => {
      if (await api.hasBoard(board.uid)) return undefined;
      await api.createBoard(board.json);
      cleanUp.defer(() => api.deleteBoard(board.uid));
      return 'put there for this check';
    });
  }
  await checkQueries(run, api, uids);
  await checkPages({ run, url: targets.grafana ?? '', headers: known ? headers : {}, uids, boards: readBoards() });
}

async function provideSources(run: Run, targets: Targets, api: GrafanaApi, cleanUp: AsyncDisposableStack): Promise<SourceUids> {
  const uids = new Map<string, string>();
  for (const { uid, type, name, whole } of readDataSources()) {
    await run.report.check(PART, `has a data source for ${name}, and it is healthy`, async () => {
      const found = await api.source(uid, type);
      if (found === undefined) {
        const url = sourceUrl(type, targets);
        if (url === undefined) throw new Error(`there is no data source of the type ${type}: provision dashboards/provisioning`);
        await api.createSource({ ...whole, url });
        cleanUp.defer(() => api.deleteSource(uid));
      }
      uids.set(type, found?.uid ?? uid);
      const health = await api.health(found?.uid ?? uid);
      return `${found === undefined ? 'put there for this check; ' : ''}${health}`;
    });
  }
  return uids;
}

function sourceUrl(type: string, { prometheus, tempo, loki }: Targets): string | undefined {
  const seenByGrafana = process.env[`STACK_GRAFANA_${type.toUpperCase()}_URL`];
  return seenByGrafana ?? { prometheus, tempo, loki }[type];
}

async function checkQueries(run: Run, api: GrafanaApi, uids: SourceUids): Promise<void> {
  for (const language of ['promql', 'logql', 'traceql'] as const) {
    for (const filled of await panelQueries(run, PART, language)) {
      await run.report.check(PART, filled.name, () => ask(run, api, uids, filled));
    }
  }
}

async function ask(run: Run, api: GrafanaApi, uids: SourceUids, { text, query }: FilledQuery): Promise<Found> {
  const { fromMs, toMs } = times(run);
  const type = { promql: 'prometheus', logql: 'loki', traceql: 'tempo' }[query.language];
  const uid = uids.get(type);
  if (uid === undefined) throw new Error(`there is no data source of the type ${type}`);
  const target = { ...query.target, datasource: { type, uid }, [query.language === 'traceql' ? 'query' : 'expr']: text };
  const search = query.language === 'traceql' && !isMetricsQuery(text);
  try {
    const frames = await api.query({ target, fromMs, toMs });
    if (frames > 0) return undefined;
  } catch (error) {
    // Up to some version, the plugin's back end refuses searches, and pages make them through the proxy.
    if (!search) throw error;
    if ((await api.searchTraces(uid, text, fromMs, toMs)) > 0) return 'through the proxy';
  }
  return new AllowedEmpty('the panel shows "No data"');
}
