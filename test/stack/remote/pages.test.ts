import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boardOf } from '../queries/boards.js';
import { boardAddress } from './boardAddress.js';
import { openBrowser } from './devTools.js';
import type { Browser } from './devTools.js';
import { startFakeBackEnd } from './fakeBackEnd.js';
import type { FakeBackEnd } from './fakeBackEnd.js';
import { panelTitles, readPage } from './pageState.js';

// A page with the marks that Grafana puts on panels; Grafana itself is opened by `npm run prove stack`.

const panel = (title: string, content: string): string =>
  `<section data-testid="data-testid Panel header ${title}"><h2>${title}</h2>${content}</section>`;
const PAGE = `<!doctype html><title>board</title>
<button aria-label="Expand row" onclick="this.remove(); document.body.insertAdjacentHTML('beforeend', document.querySelector('template').innerHTML)">row</button>
<template>${panel('In a row', 'fine')}</template>
${panel('Good', 'fine')}
${panel('Empty', '<div data-testid="data-testid Panel data error message">No data</div>')}
${panel('Bad', '<button data-testid="data-testid Panel status error" aria-label="bad_data: parse error">!</button>')}
${panel('Hidden', '<div style="display: none" data-testid="data-testid Alert error">old</div>')}
<script>fetch('/api/ds/query', { method: 'POST' }); fetch('/api/other');</script>`;

let fake: FakeBackEnd;
let browser: Browser;

beforeAll(async () => {
  fake = await startFakeBackEnd(({ path }) => (path.startsWith('/d/') ? { body: PAGE } : { status: 400, body: {} }));
  browser = await openBrowser({ authorization: 'Bearer x' });
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

describe('a board in a browser', () => {
  it('tells its panels, those in error and those without data, and requests for data that failed', async () => {
    await browser.open(`${fake.url}/d/b`);
    await readPage(browser);
    const state = await readPage(browser);
    expect(state.titles).toEqual(['Good', 'Empty', 'Bad', 'Hidden', 'In a row']);
    expect(state.errors).toEqual([{ title: 'Bad', message: 'bad_data: parse error' }]);
    expect(state.empty).toEqual(['Empty']);
    await expect.poll(() => browser.failedRequests(), { timeout: 20_000 }).toEqual([{ status: 400, address: `${fake.url}/api/ds/query` }]);
    await expect.poll(() => browser.openRequests(), { timeout: 20_000 }).toBe(0);
    expect(fake.asked.find(({ path }) => path === '/d/b')?.headers['authorization']).toBe('Bearer x');
  });

  it('says that an address cannot be opened', async () => {
    await expect(browser.open('http://127.0.0.1:1/')).rejects.toThrow('cannot be opened');
  });
});

describe('the address and the panels of a board', () => {
  const json = {
    uid: 'b',
    title: 'B',
    templating: {
      list: [
        { name: 'prometheus', type: 'datasource' },
        { name: 'service', type: 'query', query: 'label_values(m, job)' },
      ],
    },
    panels: [
      { type: 'row', title: 'Row', panels: [{ type: 'stat', title: 'Inner' }] },
      { type: 'stat', title: 'Outer' },
      { type: 'stat', title: 'Of $tool' },
    ],
  };

  it('choose the data source and the services', () => {
    const address = boardAddress('http://g', boardOf(json), new Map([['prometheus', 'p1']]), new Map([['service', ['a', 'b']]]));
    const { pathname, searchParams } = new URL(address);
    expect(pathname).toBe('/d/b');
    expect(searchParams.getAll('var-service')).toEqual(['a', 'b']);
    expect(searchParams.get('var-prometheus')).toBe('p1');
  });

  it('are those with a title that is known before', () => {
    expect(panelTitles(json)).toEqual(['Inner', 'Outer']);
  });
});
