import type { Admission } from '../../../../../src/handoff/resilience/admission/admission.js';

/** A call that ends when it is told. */
export class Call {
  readonly gate = Promise.withResolvers<string>();
  hasBegun = false;
  readonly result: Promise<unknown>;

  constructor(admission: Admission) {
    this.result = admission
      .run(() => {
        this.hasBegun = true;
        return this.gate.promise;
      })
      .catch((error: unknown) => error);
  }
}
