import { globSync } from 'node:fs';

/** Folders with files of others, or made by commands. */
const NOT_OURS = /(?:^|\/)(?:node_modules|dist|coverage|\.cache|\.next)\//u;

/** Every page of the project, as a path from its root. */
export const pages = globSync(['*.md', '{docs,examples,otel-collector,packages,test,dashboards,.github,.changeset}/**/*.md'], {
  exclude: (name) => name === 'node_modules',
}).filter((file) => !NOT_OURS.test(`${file}/`));

/** The text without what is shown as it is: fenced blocks and code between backticks. */
export function prose(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```$/gmu, '').replaceAll(/`[^`\n]*`/gu, (code) => `\`${'x'.repeat(code.length - 2)}\``);
}

/** The anchors that a page's headings have where pages are shown: lower case, no punctuation, a number after a doubled one. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of markdown.replaceAll(/^```[\s\S]*?^```$/gmu, '').matchAll(/^#{1,6} +(.+?) *#*$/gmu)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, '$1').toLowerCase();
    const slug = text.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/gu, '-');
    let anchor = slug;
    for (let copy = 1; anchors.has(anchor); copy += 1) anchor = `${slug}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}
