import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/handoff/cli/main.js';
import { HOSTILE_AGENTS, writeFullHistory } from '../integration/handoff/analytics/fullHistory.js';
import { openDatabase, sql } from '../integration/handoff/storage/openDatabase.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import { openDevTools } from './devTools.js';
import type { DevTools } from './devTools.js';

/** The page of `handoff-otel report --html`, as a reader sees it. */

let folder: string;
let browser: DevTools;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handoff-report-'));
  const path = join(folder, 'report.html');
  const fresh = await freshDatabase();
  const quiet = { out: () => undefined, err: () => undefined };
  const run = async (...args: string[]): Promise<void> => expect(await main(args, { DATABASE_URL: fresh.url }, quiet)).toBe(0);
  try {
    await run('migrate');
    const database = await openDatabase(fresh.url, { poolSize: 1 });
    const to = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    const from = new Date(to - 8 * 86_400_000);
    await writeFullHistory({ sql: (text, values) => sql(database, text, values) }, { sessions: 400, from, to: new Date(to), seed: 0.5 });
    await database.close();
    await run('analytics', 'backfill');
    await run('report', '--html', path);
  } finally {
    await fresh.drop();
  }
  url = String(pathToFileURL(path));
  browser = await openDevTools();
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

async function show(width: number, scheme: 'light' | 'dark'): Promise<void> {
  await browser.send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: false });
  await browser.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  await browser.open(url);
}

describe.each([
  [360, 'light'],
  [360, 'dark'],
  [1280, 'light'],
  [1280, 'dark'],
] as const)('at %d px, %s', (width, scheme) => {
  beforeAll(() => show(width, scheme));

  it('needs no scrolling sideways', async () => {
    expect(await browser.evaluate('innerWidth')).toBe(width);
    expect(await browser.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    // What is wider than its place scrolls there, and is not cut off.
    const cut = `[...document.querySelectorAll('main *')].filter((one) => getComputedStyle(one).overflowX === 'visible'
      && !(one instanceof SVGElement) && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML.slice(0, 120))`;
    expect(await browser.evaluate(cut)).toEqual([]);
  });

  it('has texts that stand out from what is behind them, by 4.5 to 1', async () => {
    const contrasts = `(() => {
      const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
        .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
      const behind = (one) => {
        const { backgroundColor } = getComputedStyle(one);
        return backgroundColor === 'rgba(0, 0, 0, 0)' ? behind(one.parentElement) : backgroundColor;
      };
      return [...document.querySelectorAll('h1, h2, p, a, dt, dd, li, th, td, figcaption, caption, summary, .x span, .y span')].map((one) => {
        const [text, back] = [light(getComputedStyle(one).color), light(behind(one))];
        return { of: one.className + ' ' + one.tagName, ratio: (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05) };
      });
    })()`;
    const found = (await browser.evaluate(contrasts)) as { of: string; ratio: number }[];
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
    const back = await browser.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(back).toBe(scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(15, 20, 25)');
  });

  it('has no text over another one on its axes', async () => {
    const overlapping = `[...document.querySelectorAll('.x')].flatMap((axis) => {
      const boxes = [...axis.children].map((one) => one.getBoundingClientRect()).filter((box) => box.width > 0);
      return boxes.slice(1).filter((box, at) => box.left < boxes[at].right).map((box) => box.left);
    })`;
    expect(await browser.evaluate(overlapping)).toEqual([]);
  });
});

it('has a title and a description for every chart, which assistive technology reads as one image', async () => {
  const charts = `[...document.querySelectorAll('.plot svg')].map((svg) => ({
    role: svg.getAttribute('role'),
    named: svg.getAttribute('aria-labelledby').split(' ').map((id) => document.getElementById(id)?.textContent),
    drawn: [...svg.querySelectorAll('path.line, rect')].some((shape) => shape.getBBox().width > 0),
  }))`;
  const found = (await browser.evaluate(charts)) as { role: string; named: string[]; drawn: boolean }[];
  expect(found.map(({ named }) => named[0])).toEqual([
    'Sessions opened and ended',
    'Handoffs decided',
    'Success rate of handoffs',
    'Entries written, by type',
    'Size of an entry',
    'Memory and CPU',
    'Memory, CPU and disk',
    'Connections and sessions',
  ]);
  for (const { role, named, drawn } of found) {
    expect([role, drawn], named[0]).toEqual(['img', true]);
    expect(named[1], named[0]).toMatch(/^\d+ parts\. .+: from .+ to .+\.$/);
  }
});

it('asks for nothing besides itself, breaks no policy, and runs nothing that a name contains', async () => {
  const asked = browser.events
    .filter(({ method }) => method === 'Network.requestWillBeSent')
    .map(({ params }) => (params['request'] as { url: string }).url);
  expect(new Set(asked)).toEqual(new Set([url]));
  expect(browser.events.filter(({ method }) => method === 'Log.entryAdded' || method === 'Runtime.exceptionThrown')).toEqual([]);
  expect(await browser.evaluate('document.title')).toMatch(/^Handoff analytics, /);
  expect(await browser.evaluate('document.images.length')).toBe(0);
  expect(await browser.evaluate('document.body.innerText')).toContain(HOSTILE_AGENTS[0]);
});

it('is dark on no paper', async () => {
  await browser.send('Emulation.setEmulatedMedia', { media: 'print', features: [{ name: 'prefers-color-scheme', value: 'dark' }] });
  expect(await browser.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  expect(await browser.evaluate('getComputedStyle(document.querySelector("h1")).color')).toBe('rgb(0, 0, 0)');
  expect(await browser.evaluate('document.querySelector("nav").getClientRects().length')).toBe(0);
});
