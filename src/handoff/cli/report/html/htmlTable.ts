import type { Table } from '../views/view.js';
import { escaped } from './escape.js';

/** A table with its caption, which scrolls by itself where the page is too narrow for it. */
export function htmlTable({ title, columns, rows }: Table): string {
  const classOf = (index: number): string => (columns[index]?.align === 'right' ? ' class="n"' : '');
  const head = columns.map(({ heading }, index) => `<th scope="col"${classOf(index)}>${escaped(heading)}</th>`).join('');
  const body = rows
    .map((cells) => {
      const [name = '', ...values] = cells;
      return `<tr><th scope="row">${escaped(name)}</th>${values.map((value, index) => `<td${classOf(index + 1)}>${escaped(value)}</td>`).join('')}</tr>`;
    })
    .join('');
  if (rows.length === 0)
    return `<figure class="chart"><figcaption>${escaped(title)}</figcaption><p class="none">Nothing was counted in this range.</p></figure>`;
  return `<div class="scroll" role="region" aria-label="${escaped(title)}" tabindex="0"><table><caption>${escaped(title)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}
