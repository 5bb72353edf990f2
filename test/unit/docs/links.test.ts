import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { anchorsOf, pages, prose } from './markdown.js';

interface Link {
  readonly page: string;
  readonly file: string;
  readonly anchor: string | undefined;
}

/** Links of a page to files of the repository, or to a heading of its own. */
function linksOf(page: string): Link[] {
  const targets = [...prose(readFileSync(page, 'utf8')).matchAll(/\]\(<?([^)\s>]+)>?\)/gu)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^[a-z]+:/u.test(target))
    .map((target) => {
      const [file = '', anchor] = target.split('#');
      return { page, file: file === '' ? page : path.join(path.dirname(page), file), anchor };
    });
}

const links = pages.flatMap(linksOf);

it('looks at every page', () => {
  for (const page of ['README.md', 'CONTRIBUTING.md', 'docs/telemetry.md', 'docs/guides/stdio-server.md', 'docs/decisions/README.md']) {
    expect(pages).toContain(page);
  }
  expect(links.length).toBeGreaterThan(50);
});

it('every link between pages leads to a file that exists', () => {
  expect(links.filter(({ file }) => !existsSync(file))).toEqual([]);
});

it('every link to a part of a page leads to a heading of that page', () => {
  const toHeadings = links.filter(({ file, anchor }) => anchor !== undefined && file.endsWith('.md') && existsSync(file));
  expect(toHeadings.length).toBeGreaterThan(5);
  expect(toHeadings.filter(({ file, anchor }) => !anchorsOf(readFileSync(file, 'utf8')).has(anchor ?? ''))).toEqual([]);
});

it('no page of the documentation is without a link to it', () => {
  const linked = new Set(links.filter(({ page, file }) => page !== file).map(({ file }) => file));
  expect(pages.filter((page) => page.startsWith('docs/') && !linked.has(page))).toEqual([]);
});

it.each([
  ['## How a process ends', 'how-a-process-ends'],
  ['## OTEL_* variables and OTEL_CONFIG_FILE', 'otel_-variables-and-otel_config_file'],
  ['### Options of `instrument()`, and [more](x.md)', 'options-of-instrument-and-more'],
])('an anchor of %s is %s', (heading, anchor) => {
  expect([...anchorsOf(`${heading}\n\n${heading}\n`)]).toEqual([anchor, `${anchor}-1`]);
});
