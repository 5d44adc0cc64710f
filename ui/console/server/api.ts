import type {
  Article,
  Assign,
  Conversation,
  ConversationId,
  ConversationItem,
  Me,
  Message,
  OrganizationSummary,
  Page,
  Person,
  SendMessage,
  ServerInfo,
  Session,
  SessionId,
  SignedIn,
  SignInStarted,
} from "$shared/types/protocol";
import { asFailure, isSignedOut, type FailureCode } from "./failure";
import type { Call } from "./transport";

/** Everything the console asks of the server. Each call throws `ServerFailure`. */
export interface Api {
  server(): Promise<ServerInfo>;
  startSignIn(email: string): Promise<SignInStarted>;
  sendCode(challenge: string): Promise<null>;
  verifyCode(challenge: string, code: string): Promise<SignedIn>;
  verifySecondFactor(challenge: string, totp: string): Promise<SignedIn>;
  signOut(): Promise<null>;
  /** Ends a requester's session, which came with a token and has no use here. */
  giveBack(token: string): Promise<null>;
  sessions(): Promise<Page<Session> | Session[]>;
  endSession(id: SessionId): Promise<null>;
  me(): Promise<Me>;
  technicians(): Promise<Page<Person> | Person[]>;
  organizations(): Promise<Page<OrganizationSummary> | OrganizationSummary[]>;
  articles(): Promise<Page<Article> | Article[]>;
  conversations(query: URLSearchParams): Promise<Page<ConversationItem>>;
  conversation(id: ConversationId): Promise<ConversationItem>;
  messages(id: ConversationId, before: number | null, limit: number): Promise<Page<Message>>;
  send(id: ConversationId, message: SendMessage): Promise<Message>;
  markRead(id: ConversationId, seq: number): Promise<null>;
  assign(id: ConversationId, assign: Assign): Promise<Conversation>;
  close(id: ConversationId): Promise<Conversation>;
}

/** The API over `call`. */
export function apiOver(call: Call): Api {
  return { ...signInCalls(call), ...listCalls(call), ...conversationCalls(call) };
}

function signInCalls(call: Call) {
  const challengePath = (challenge: string) => `/v1/sign-in/${encodeURIComponent(challenge)}`;
  return {
    server: () => call<ServerInfo>("GET", "/v1/server"),
    startSignIn: (email: string) => call<SignInStarted>("POST", "/v1/sign-in", { email }),
    sendCode: (challenge: string) =>
      call<null>("POST", `${challengePath(challenge)}/code`, { method: "email" }),
    verifyCode: (challenge: string, code: string) =>
      call<SignedIn>("POST", `${challengePath(challenge)}/verify`, { code }),
    verifySecondFactor: (challenge: string, totp: string) =>
      call<SignedIn>("POST", `${challengePath(challenge)}/second-factor`, { totp }),
    signOut: () => call<null>("DELETE", "/v1/session"),
    giveBack: (token: string) =>
      call<null>("DELETE", "/v1/session", undefined, { Authorization: `Bearer ${token}` }),
    sessions: () => call<Page<Session> | Session[]>("GET", "/v1/sessions"),
    endSession: (id: SessionId) => call<null>("DELETE", `/v1/sessions/${encodeURIComponent(id)}`),
    me: () => call<Me>("GET", "/v1/me"),
  };
}

function listCalls(call: Call) {
  return {
    technicians: () => call<Page<Person> | Person[]>("GET", "/v1/technicians"),
    organizations: () => call<Page<OrganizationSummary> | OrganizationSummary[]>("GET", "/v1/organizations"),
    articles: () => call<Page<Article> | Article[]>("GET", "/v1/articles"),
    conversations: (query: URLSearchParams) =>
      call<Page<ConversationItem>>("GET", `/v1/conversations?${query.toString()}`),
  };
}

function conversationCalls(call: Call) {
  const path = (id: ConversationId) => `/v1/conversations/${encodeURIComponent(id)}`;
  return {
    conversation: (id: ConversationId) => call<ConversationItem>("GET", path(id)),
    messages: (id: ConversationId, before: number | null, limit: number) =>
      call<Page<Message>>(
        "GET",
        `${path(id)}/messages?limit=${limit}${before === null ? "" : `&before=${before}`}`,
      ),
    send: (id: ConversationId, message: SendMessage) =>
      call<Message>("POST", `${path(id)}/messages`, message),
    markRead: (id: ConversationId, seq: number) => call<null>("POST", `${path(id)}/read`, { seq }),
    assign: (id: ConversationId, assign: Assign) => call<Conversation>("POST", `${path(id)}/assign`, assign),
    close: (id: ConversationId) => call<Conversation>("POST", `${path(id)}/close`),
  };
}

/** The API, telling of every answer that nobody is signed in any more. */
export function watched(api: Api, signedOut: (code: FailureCode) => void): Api {
  const calls = Object.entries(api) as [string, (...wishes: unknown[]) => Promise<unknown>][];
  const watching = calls.map(([name, call]) => [
    name,
    (...wishes: unknown[]) =>
      call(...wishes).catch((thrown: unknown) => {
        const { code } = asFailure(thrown);
        if (isSignedOut(code)) signedOut(code);
        throw thrown;
      }),
  ]);
  return Object.fromEntries(watching) as Api;
}

/** The items of an answer, paged or not. */
export function itemsOf<T>(answer: Page<T> | T[]): T[] {
  return Array.isArray(answer) ? answer : answer.items;
}
