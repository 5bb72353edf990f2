import { HandoffError } from '../../errors/handoffError.js';

/** The bytes a sender posted are not the OTLP message they claim to be. The receiver answers 400 with this message. */
export class OtlpPayloadError extends HandoffError<{ readonly reason: string }> {
  readonly code = 'HANDOFF_OTLP_PAYLOAD';

  constructor(reason: string, options?: { readonly cause?: unknown }) {
    super(`Not a valid OTLP payload: ${reason}. Check the exporter's protocol, path and content type.`, { reason }, options);
  }
}
