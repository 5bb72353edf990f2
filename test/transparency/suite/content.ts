/** The smallest files of their kinds: what matters is that they arrive as they were sent. */
const RED_PIXEL_PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const SILENT_WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

export type Content =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image' | 'audio'; readonly data: string; readonly mimeType: string }
  | { readonly type: 'resource'; readonly resource: { readonly uri: string; readonly mimeType: string; readonly text: string } };

export interface ResourceBody {
  readonly uri: string;
  readonly mimeType: string;
  readonly text?: string;
  readonly blob?: string;
}

export function text(value: string): Content {
  return { type: 'text', text: value };
}

export function image(): Content {
  return { type: 'image', data: RED_PIXEL_PNG, mimeType: 'image/png' };
}

export function audio(): Content {
  return { type: 'audio', data: SILENT_WAV, mimeType: 'audio/wav' };
}

export function embedded(uri: string, mimeType: string, body: string): Content {
  return { type: 'resource', resource: { uri, mimeType, text: body } };
}

export const staticResources: Readonly<Record<string, ResourceBody>> = {
  'static-text': { uri: 'test://static-text', mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'static-binary': { uri: 'test://static-binary', mimeType: 'image/png', blob: RED_PIXEL_PNG },
  'watched-resource': { uri: 'test://watched-resource', mimeType: 'text/plain', text: 'Watched.' },
};

export function templateBody(uri: string, id: string): ResourceBody {
  return { uri, mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) };
}
