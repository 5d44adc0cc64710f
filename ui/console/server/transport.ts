import type { Problem } from "$shared/types/protocol";
import { ServerFailure } from "./failure";

/** The browser's `fetch`, or one that plays it. */
export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

type Method = "GET" | "POST" | "DELETE";

/** One request to the server on whose origin the console lives. */
export type Call = <T>(
  method: Method,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<T>;

/** A request is given up after this. */
const PATIENCE_MILLIS = 20_000;

/** Makes calls over `fetch`. The session is a cookie the browser keeps; this code never sees it. */
export function callOver(fetch: Fetch): Call {
  return async <T>(
    method: Method,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T> => {
    const response = await heard(fetch, path, request(method, body, headers));
    if (!response.ok) throw await failureOf(response);
    return (await contentOf(response)) as T;
  };
}

function request(method: Method, body: unknown, more: Record<string, string> = {}): RequestInit {
  const headers: Record<string, string> = { Accept: "application/json", ...more };
  // The server refuses writes without it: a foreign page cannot set it.
  if (method !== "GET") headers["X-Deskbell-Request"] = "1";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE_MILLIS),
  };
}

async function heard(fetch: Fetch, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch {
    throw new ServerFailure("unreachable");
  }
}

async function contentOf(response: Response): Promise<unknown> {
  try {
    const text = await response.text();
    return text === "" ? null : JSON.parse(text);
  } catch {
    throw new ServerFailure("not_deskbell");
  }
}

async function failureOf(response: Response): Promise<ServerFailure> {
  try {
    const problem = (await response.json()) as Problem;
    if (typeof problem.code === "string") return new ServerFailure(problem.code, problem);
  } catch {
    // No problem document: something between us and the server answered.
  }
  return new ServerFailure(response.status >= 500 ? "unavailable" : "not_deskbell");
}
