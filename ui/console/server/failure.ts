import type { Failure } from "$shared/types/messenger";
import type { ErrorCode, Person, Problem } from "$shared/types/protocol";

/** Why a call failed: what the server said, or that it was not heard. */
export type FailureCode = ErrorCode | "unreachable" | "not_deskbell";

/** A call that failed. `problem` is absent when no Deskbell answered. */
export class ServerFailure extends Error {
  readonly code: FailureCode;
  readonly problem: Problem | null;

  constructor(code: FailureCode, problem: Problem | null = null) {
    super(problem?.detail ?? code);
    this.name = "ServerFailure";
    this.code = code;
    this.problem = problem;
  }

  /** Tries that remain, with `code_invalid`. */
  get attemptsLeft(): number | null {
    return this.problem?.attempts_left ?? null;
  }

  /** Seconds to wait before the next try, when the server said so. */
  get retryAfterSeconds(): number | null {
    return this.problem?.retry_after_seconds ?? null;
  }

  /** Who has the conversation, with `already_assigned`. */
  get assignee(): Person | null {
    return this.problem?.assignee ?? null;
  }
}

const PASSING: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "unreachable",
  "not_deskbell",
  "unavailable",
  "internal",
  "rate_limited",
  "account_throttled",
]);

const SIGNED_OUT: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "not_signed_in",
  "session_expired",
  "session_ended",
]);

/** The same call may work later, unchanged. */
export function isPassing(code: FailureCode): boolean {
  return PASSING.has(code);
}

/** Nobody is signed in any more. */
export function isSignedOut(code: FailureCode): boolean {
  return SIGNED_OUT.has(code);
}

/** What `thrown` is as a failure; anything unknown counts as not heard. */
export function asFailure(thrown: unknown): ServerFailure {
  return thrown instanceof ServerFailure ? thrown : new ServerFailure("unreachable");
}

/** A failure as the shared parts show it. */
export function failureView(failure: ServerFailure): Failure {
  const { code, attemptsLeft, retryAfterSeconds } = failure;
  return { code, attempts_left: attemptsLeft, retry_after_seconds: retryAfterSeconds };
}
