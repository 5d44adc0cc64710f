import { describe, expect, it } from "vitest";
import { FAILURE_CODES, asFailure, failureText } from "./failure";
import { LOCALES, texts } from "./text/texts";

describe.each(LOCALES)("failures in %s", (locale) => {
  const say = texts(locale);

  it.each(FAILURE_CODES)("%s says what happened and what to do", (code) => {
    const { what, action } = failureText(say, { code });
    expect(what, "no text").not.toMatch(/^failure-|^$/);
    expect(action, "no action").not.toMatch(/^failure-|^$/);
  });
});

describe("a failure", () => {
  const say = texts("en");

  it("tells how many tries are left", () => {
    expect(failureText(say, { code: "code_invalid", attempts_left: 2 }).action).toBe("2 tries left.");
    expect(failureText(say, { code: "code_invalid", attempts_left: 0 }).action).toBe(
      "No tries left. Ask for a new code.",
    );
  });

  it("tells how long to wait when the server said so", () => {
    expect(failureText(say, { code: "rate_limited", retry_after_seconds: 42 }).action).toBe(
      "Possible again in 42 seconds.",
    );
    expect(failureText(say, { code: "rate_limited", retry_after_seconds: 3000 }).action).toBe(
      "Possible again in 50 minutes.",
    );
  });

  it("of a newer client or a thrown error is shown as unknown, never raw", () => {
    expect(failureText(say, { code: "moon_phase" as never }).what).toBe("Something went wrong.");
    expect(asFailure(new TypeError("secret detail")).code).toBe("unknown");
    expect(asFailure({ code: "code_used" })).toEqual({
      code: "code_used",
      attempts_left: null,
      retry_after_seconds: null,
    });
  });
});
