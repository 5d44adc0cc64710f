import { asFailure } from "$shared/failure";
import type { Failure } from "$shared/types/messenger";

/** Something the user set off: whether it runs, and why it failed. */
export class Attempt {
  busy = $state(false);
  failure = $state<Failure | null>(null);

  /** Runs it, unless it runs already. Tells whether it went well; the failure is kept to be shown. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    try {
      await work();
      return true;
    } catch (thrown) {
      this.failure = asFailure(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
