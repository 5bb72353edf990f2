export interface FailedRequest {
  readonly status: number;
  readonly address: string;
}

/** The paths that the panels of a page get their data by. */
const DATA = /\/api\/(?:ds\/query|datasources\/)|\/apis\/query\./;

/** Which of a page's requests for data are open, and which failed. */
export class PageRequests {
  readonly #open = new Set<string>();
  #failed: FailedRequest[] = [];

  get open(): number {
    return this.#open.size;
  }

  get failed(): readonly FailedRequest[] {
    return this.#failed;
  }

  forget(): void {
    this.#open.clear();
    this.#failed = [];
  }

  /** Takes note of an event of the DevTools protocol. */
  notice(method: string, params: Readonly<Record<string, unknown>>): void {
    const { requestId, request, response } = params as {
      readonly requestId?: string;
      readonly request?: { readonly url: string };
      readonly response?: { readonly url: string; readonly status: number };
    };
    if (requestId === undefined) return;
    if (method === 'Network.requestWillBeSent' && request !== undefined && DATA.test(request.url)) this.#open.add(requestId);
    if (method === 'Network.loadingFinished' || method === 'Network.loadingFailed') this.#open.delete(requestId);
    if (method === 'Network.responseReceived' && response !== undefined && DATA.test(response.url) && response.status >= 400) {
      this.#failed.push({ status: response.status, address: response.url });
    }
  }
}
