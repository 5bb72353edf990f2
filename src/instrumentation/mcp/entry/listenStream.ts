/**
 * Returns the same response with a body that calls `over` when it ends: read to its end, cancelled by its reader, or broken. Chunks,
 * back-pressure, status and headers pass through unchanged. Only for subscription streams; other responses are never touched.
 */
export function watchedStream(answer: Response, over: () => void): Response {
  const { body } = answer;
  if (body === null) return answer;
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          controller.enqueue(value);
          return;
        }
        over();
        controller.close();
      } catch (error) {
        over();
        controller.error(error);
      }
    },
    async cancel(reason) {
      over();
      await reader.cancel(reason);
    },
  });
  return new Response(stream, { status: answer.status, statusText: answer.statusText, headers: answer.headers });
}
