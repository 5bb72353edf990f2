import type { Icon } from '@modelcontextprotocol/server';

/**
 * Our own drawings, embedded in the answer so that a client need not fetch anything. They have few strokes, because in the 2026
 * era every answer carries the server's icon.
 */
function drawn(strokes: string): Icon[] {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="none" stroke="#4f6bed" stroke-width="2" d="${strokes}"/></svg>`;
  return [{ src: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`, mimeType: 'image/svg+xml', sizes: ['any'] }];
}

/** Two agents and the arrow between them. */
export const handoffIcon = drawn('M3 8h14l-4-4M21 16H7l4 4');
export const registerIcon = drawn('M12 5v14M5 12h14');
export const writeIcon = drawn('M4 20h4L19 9l-4-4L4 16z');
export const listIcon = drawn('M4 6h16M4 12h16M4 18h16');
export const readIcon = drawn('M5 4h14v16H5zM8 9h8M8 13h8');
