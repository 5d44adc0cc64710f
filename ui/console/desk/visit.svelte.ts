import type { Account, Me, SignedIn } from "$shared/types/protocol";
import { afterRefusal, CODE_COOLDOWN_MILLIS, codeOf, type SignInStep } from "../model/signIn";
import { asFailure, isSignedOut, ServerFailure, type FailureCode } from "../server/failure";
import { Desk } from "./desk.svelte";
import type { Surroundings } from "./surroundings";

/** How far this visit has come. */
export type Phase =
  | { at: "starting" }
  | { at: "unreachable"; code: FailureCode }
  | { at: "signed_out"; reason: FailureCode | null }
  | { at: "signed_in" };

/** Why a step of signing in failed: a failure, or an account that has no place here. */
export type SignInTrouble = { failure: ServerFailure } | { stranger: Account };

/** One visit to the console: who is signed in, or how to. The desk outlives a session that ended. */
export class Visit {
  phase = $state.raw<Phase>({ at: "starting" });
  step = $state.raw<SignInStep>({ at: "email" });
  trouble = $state.raw<SignInTrouble | null>(null);
  busy = $state(false);
  /** Kept for signing in again. */
  email = $state("");
  desk = $state.raw<Desk | null>(null);
  readonly around: Surroundings;

  constructor(around: Surroundings) {
    this.around = around;
  }

  /** Finds out who is signed in. */
  async start(): Promise<void> {
    this.phase = { at: "starting" };
    try {
      this.#enter(await this.around.api.me());
    } catch (thrown) {
      const { code } = asFailure(thrown);
      this.phase = isSignedOut(code) ? { at: "signed_out", reason: null } : { at: "unreachable", code };
    }
  }

  /** Opens a challenge for the address and has a code mailed to it. */
  submitEmail(): Promise<void> {
    return this.#attempt(async () => {
      const email = this.email.trim();
      const { challenge_id } = await this.around.api.startSignIn(email);
      await this.around.api.sendCode(challenge_id);
      this.step = {
        at: "code",
        challenge: challenge_id,
        email,
        resendAt: this.around.now() + CODE_COOLDOWN_MILLIS,
      };
    });
  }

  resend(): Promise<void> {
    return this.#attempt(async () => {
      if (this.step.at !== "code") return;
      await this.around.api.sendCode(this.step.challenge);
      this.step = { ...this.step, resendAt: this.around.now() + CODE_COOLDOWN_MILLIS };
    });
  }

  submitCode(typed: string): Promise<void> {
    return this.#attempt(async () => {
      const code = codeOf(typed);
      if (this.step.at !== "code" || !code) throw new ServerFailure("code_invalid");
      await this.#signedIn(await this.around.api.verifyCode(this.step.challenge, code));
    });
  }

  submitSecondFactor(typed: string): Promise<void> {
    return this.#attempt(async () => {
      const totp = codeOf(typed);
      if (this.step.at !== "second_factor" || !totp) throw new ServerFailure("code_invalid");
      await this.#signedIn(await this.around.api.verifySecondFactor(this.step.challenge, totp));
    });
  }

  startOver(): void {
    this.step = { at: "email" };
    this.trouble = null;
  }

  /** Ends the session, and forgets what was typed with it. */
  async signOut(): Promise<void> {
    const desk = this.desk;
    desk?.stop();
    desk?.sender.forget();
    desk?.writing.forget();
    this.desk = null;
    this.phase = { at: "signed_out", reason: null };
    this.startOver();
    try {
      await this.around.api.signOut();
    } catch (thrown) {
      this.trouble = { failure: asFailure(thrown) };
    }
  }

  async #attempt(step: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.trouble = null;
    try {
      await step();
    } catch (thrown) {
      this.#refused(asFailure(thrown));
    } finally {
      this.busy = false;
    }
  }

  #refused(failure: ServerFailure): void {
    this.step = afterRefusal(this.step, failure);
    this.trouble = failure.code === "second_factor_required" ? null : { failure };
  }

  async #signedIn(signedIn: SignedIn): Promise<void> {
    if (signedIn.account.role === "requester") {
      this.step = { at: "email" };
      this.trouble = { stranger: signedIn.account };
      if (signedIn.token) await this.around.api.giveBack(signedIn.token);
      return;
    }
    this.#enter(await this.around.api.me());
  }

  #enter(me: Me): void {
    if (me.account.role === "requester") {
      this.trouble = { stranger: me.account };
      this.phase = { at: "signed_out", reason: null };
      return;
    }
    if (this.desk?.me.account.id !== me.account.id) {
      this.desk = new Desk(this.around, me, (reason) => this.#left(reason));
    }
    this.email = me.account.email;
    this.startOver();
    this.phase = { at: "signed_in" };
    this.desk.start();
  }

  #left(reason: FailureCode): void {
    if (this.phase.at === "signed_in") this.phase = { at: "signed_out", reason };
  }
}
