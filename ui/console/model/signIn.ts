import type { ChallengeId } from "$shared/types/protocol";
import type { ServerFailure } from "../server/failure";

/** How far signing in has come. */
export type SignInStep =
  | { at: "email" }
  | { at: "code"; challenge: ChallengeId; email: string; resendAt: number }
  | { at: "second_factor"; challenge: ChallengeId; email: string };

/** A further code can be asked for after this. */
export const CODE_COOLDOWN_MILLIS = 60_000;

/** A code as typed, without what people put between the digits; null while it is not six digits. */
export function codeOf(typed: string): string | null {
  const digits = typed.replace(/[\s.-]/gu, "");
  return /^[0-9]{6}$/u.test(digits) ? digits : null;
}

/** Where a refused code leads. A dead challenge starts again; a right code asks for the second factor. */
export function afterRefusal(step: SignInStep, failure: ServerFailure): SignInStep {
  if (step.at === "email") return step;
  if (failure.code === "second_factor_required") {
    return { at: "second_factor", challenge: step.challenge, email: step.email };
  }
  const over: string[] = ["challenge_exhausted", "code_expired", "code_used", "not_found"];
  return over.includes(failure.code) ? { at: "email" } : step;
}
