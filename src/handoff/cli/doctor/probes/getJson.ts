const ANSWER_MS = 5000;

/** Asks a back end. Credentials in the address are sent as a header, since `fetch` refuses them there. */
export async function getJson(
  base: URL,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const url = new URL(path, base.href.endsWith('/') ? base : `${base.href}/`);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const response = await fetch(url, {
    headers: { accept: 'application/json', ...(username === '' ? {} : { authorization: `Basic ${credentials}` }) },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const text = await response.text();
  return { status: response.status, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
