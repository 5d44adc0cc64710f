import type { Phase, Route } from "$shared/types/messenger";
import { IDS, ago, chosen, conversation, decided, line, longChat, tess } from "./data";
import { Fake } from "./fake";

const code = (now: number, resend: number, life: number): Phase => ({
  type: "entering_code",
  email: "ana.silva@harbourfinch.example",
  sent_to: "ana.silva@harbourfinch.example",
  by_sms: false,
  sms: true,
  resend_at: new Date(now + resend * 1000).toISOString(),
  expires_at: new Date(now + life * 1000).toISOString(),
});

function show(fake: Fake, route: Route): void {
  fake.app = { ...fake.app, route };
}

function offline(fake: Fake): void {
  const retry_at = new Date(fake.now() + 21_000).toISOString();
  fake.app = {
    ...fake.app,
    connection: { type: "offline", reason: "unreachable", retry_at },
    waiting_count: 1,
  };
  fake.conversations = [
    conversation(fake.now(), {
      id: IDS.queued,
      ticket_number: null,
      status: "new",
      assignee: null,
      subject: "The Wi-Fi in the meeting room is gone.",
      delivery: { type: "waiting" },
      created_at: ago(fake.now(), 60_000),
      last_activity_at: ago(fake.now(), 60_000),
    }),
    ...fake.conversations,
  ];
}

/** Ways to begin, by name. */
export const scenes: Record<string, (fake: Fake) => void> = {
  server: (fake) => (fake.app = { ...fake.app, phase: { type: "needs_server" } }),
  "sign-in": (fake) => (fake.app = { ...fake.app, phase: { type: "signed_out", reason: null } }),
  "signed-out": (fake) =>
    (fake.app = { ...fake.app, phase: { type: "signed_out", reason: "session_expired" } }),
  method: (fake) =>
    (fake.app = {
      ...fake.app,
      phase: { type: "choosing_method", email: "ana.silva@harbourfinch.example", sms: true },
    }),
  code: (fake) => (fake.app = { ...fake.app, phase: code(fake.now(), 42, 584) }),
  "code-expired": (fake) => (fake.app = { ...fake.app, phase: code(fake.now(), -5, -2) }),
  home: () => {},
  "home-empty": (fake) => {
    fake.conversations = [];
    fake.app = { ...fake.app, unread_count: 0 };
  },
  "home-offline": offline,
  "home-notices": (fake) => {
    fake.app = { ...fake.app, notices: [{ type: "session_not_kept" }, { type: "clock_off", minutes: 1440 }] };
  },
  help: (fake) => show(fake, { type: "help" }),
  describe: (fake) => {
    fake.drafts.set("new", "The beamer in the large meeting room shows no picture.");
    show(fake, { type: "help" });
  },
  chat: (fake) => show(fake, { type: "conversation", id: IDS.outlook }),
  "chat-new": (fake) => show(fake, { type: "conversation", id: IDS.printer }),
  "chat-closed": (fake) => show(fake, { type: "conversation", id: IDS.screen }),
  "chat-gone": (fake) => show(fake, { type: "conversation", id: "nobody's" }),
  "chat-offline": (fake) => {
    offline(fake);
    show(fake, { type: "conversation", id: IDS.queued });
  },
  "chat-failed": (fake) => {
    fake.put(
      IDS.outlook,
      line(fake.now(), {
        id: "zz",
        mine: true,
        body: "This one was refused.",
        delivery: { type: "failed", code: "too_large" },
      }),
    );
    fake.conversations = fake.conversations.map((one) => ({ ...one, unread_count: 0 }));
    show(fake, { type: "conversation", id: IDS.outlook });
  },
  "chat-long": (fake) => {
    fake.messages.set(IDS.vpn, longChat(fake.now(), 5000));
    show(fake, { type: "conversation", id: IDS.vpn });
  },
  "chat-typing": (fake) => {
    show(fake, { type: "conversation", id: IDS.outlook });
    fake.conversations = fake.conversations.map((one) => ({ ...one, unread_count: 0 }));
    setInterval(() => fake.send({ type: "typing", conversation_id: IDS.outlook, person: tess }), 500);
  },
  settings: (fake) => show(fake, { type: "settings" }),
  "settings-managed": (fake) => {
    const settings = {
      ...fake.app.settings,
      toasts: decided(true, "user_policy"),
      kiosk: decided(true, "installed"),
    };
    fake.app = { ...fake.app, settings };
    show(fake, { type: "settings" });
  },
};

/** Begins with a scene; an unknown name is home. */
export function setScene(fake: Fake, name: string): void {
  scenes[name]?.(fake);
}

/** The imitation as a page's address wants it: `?scene=chat&locale=de&theme=dark`. */
export function fakeFromAddress(search: string): Fake {
  const wishes = new URLSearchParams(search);
  const fake = new Fake();
  fake.lively = true;
  setScene(fake, wishes.get("scene") ?? "home");
  const theme = wishes.get("theme") ?? "system";
  fake.app = {
    ...fake.app,
    locale: wishes.get("locale") ?? "en",
    settings: { ...fake.app.settings, theme: chosen(theme) },
  };
  Object.assign(globalThis, { fake });
  return fake;
}
