import type { Say } from "./text/texts";
import type { Failure, FailureCode } from "./types/messenger";

/** Every code there is. A test compares it with the catalogue; the compiler with the contract. */
const CODES = {
  unreachable: true,
  not_deskbell: true,
  certificate: true,
  proxy: true,
  proxy_password: true,
  server_too_old: true,
  address_invalid: true,
  not_now: true,
  text_empty: true,
  text_too_long: true,
  cannot_store: true,
  managed: true,
  bad_request: true,
  invalid_field: true,
  too_large: true,
  unsupported_media_type: true,
  method_not_allowed: true,
  not_found: true,
  not_signed_in: true,
  session_expired: true,
  session_ended: true,
  forbidden: true,
  foreign_origin: true,
  second_factor_required: true,
  code_invalid: true,
  code_used: true,
  code_expired: true,
  challenge_exhausted: true,
  account_throttled: true,
  rate_limited: true,
  sms_unavailable: true,
  not_assigned: true,
  already_assigned: true,
  conversation_closed: true,
  id_conflict: true,
  client_too_old: true,
  internal: true,
  unavailable: true,
  unknown: true,
} satisfies Record<FailureCode, true>;

/** The codes, for tests. */
export const FAILURE_CODES = Object.keys(CODES) as FailureCode[];

/** What happened and what to do about it. */
export interface FailureText {
  what: string;
  action: string;
}

type Hyphened<C extends string> = C extends `${infer Head}_${infer Tail}` ? `${Head}-${Hyphened<Tail>}` : C;
const hyphened = (code: FailureCode) => code.replaceAll("_", "-") as Hyphened<FailureCode>;

/** The one table that turns a failure into text: by its code, then what the server said about tries and waiting. */
export function failureText(say: Say, failure: Partial<Failure> & { code: FailureCode }): FailureText {
  const code = failure.code in CODES ? failure.code : "unknown";
  const what = say(`failure-${hyphened(code)}`);
  const left = failure.attempts_left;
  if (code === "code_invalid" && typeof left === "number")
    return { what, action: say("failure-code-invalid-left", { count: left }) };
  const wait = failure.retry_after_seconds;
  if (typeof wait === "number" && wait > 0) return { what, action: waitText(say, wait) };
  return { what, action: say(`failure-${hyphened(code)}-action`) };
}

function waitText(say: Say, seconds: number): string {
  if (seconds < 120) return say("failure-retry-after", { seconds });
  return say("failure-retry-after-minutes", { minutes: Math.ceil(seconds / 60) });
}

/** A rejected call as a failure: what is not one is `unknown`, so that nothing is shown raw. */
export function asFailure(thrown: unknown): Failure {
  const code = (thrown as { code?: unknown } | null)?.code;
  const known = typeof code === "string" && code in CODES;
  if (!known) return { code: "unknown", attempts_left: null, retry_after_seconds: null };
  const { attempts_left = null, retry_after_seconds = null } = thrown as Partial<Failure>;
  return { code: code as FailureCode, attempts_left, retry_after_seconds };
}
