/** A server the tests need cannot be had. The message is one sentence that says what to install or which variable to set. */
export class TestServiceError extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'TestServiceError';
  }
}
