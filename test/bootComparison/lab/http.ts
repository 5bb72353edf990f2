import { get } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const PATIENCE_MS = 3000;

/** An HTTP GET; undefined when nobody answers. */
export function ask(url: string, accept: string): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { headers: { accept }, agent: false, timeout: PATIENCE_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text });
      });
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => {
      resolve(undefined);
    });
  });
}
