import type {
  AppView,
  CheckView,
  ConversationView,
  FindingView,
  MessageView,
  Origin,
  PersonView,
  Setting,
} from "$shared/types/messenger";
import type { Article, Device, Organization, Session } from "$shared/types/protocol";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A moment so many milliseconds before now. */
export const ago = (now: number, millis: number) => new Date(now - millis).toISOString();

export const tess: PersonView = { name: "Tess Berg", role: "technician" };
export const ana: PersonView = { name: "Ana Silva", role: "requester" };

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#0b6e6e"/><path d="M12 42c8-14 14-20 28-22-6 5-8 10-8 22z" fill="#fff"/><path d="M36 42c2-9 6-14 16-17-3 5-4 9-4 17z" fill="#9fe0d6"/><path d="M10 48h44" stroke="#fff" stroke-width="4" stroke-linecap="round"/></svg>`;

export const organization: Organization = {
  id: "0193a000-0000-7000-8000-000000000001",
  name: "Harbour & Finch",
  branding: { accent_colour: "#0b6e6e", logo: { media_type: "image/svg+xml", data_base64: btoa(logo) } },
  hours: {
    time_zone: "Europe/Berlin",
    weekly: [1, 2, 3, 4, 5, 6].map((weekday) => ({
      weekday,
      opens: "08:00",
      closes: weekday === 6 ? "13:00" : "18:00",
    })),
  },
  phone: "+49 40 5550 1230",
};

export const devices: Device[] = [
  {
    id: "0193a000-0000-7000-8000-0000000000d2",
    name: "HF-IPHONE-07",
    kind: "phone",
    model: "iPhone 16",
    serial: null,
  },
  {
    id: "0193a000-0000-7000-8000-0000000000d1",
    name: "HF-NB-0412",
    kind: "laptop",
    model: "Lenovo ThinkPad T14 Gen 5",
    serial: "PF4X1Z2A",
  },
  {
    id: "0193a000-0000-7000-8000-0000000000d3",
    name: "HF-PRN-2F",
    kind: "printer",
    model: "HP LaserJet Pro M404",
    serial: null,
  },
];

export const articles: Article[] = [
  {
    id: "0193a000-0000-7000-8000-0000000000a1",
    title: "Connect to the VPN from home",
    url: "https://help.harbourfinch.example/vpn",
  },
  {
    id: "0193a000-0000-7000-8000-0000000000a2",
    title: "Set up your mobile phone for e-mail",
    url: "https://help.harbourfinch.example/phone-mail",
  },
  {
    id: "0193a000-0000-7000-8000-0000000000a3",
    title: "Add the printer on the second floor",
    url: "https://help.harbourfinch.example/printer",
  },
];

export function sessions(now: number): Session[] {
  const expires_at = new Date(now + 20 * 24 * HOUR).toISOString();
  return [
    {
      id: "s1",
      current: true,
      client: "Deskbell 0.1.0, Windows 11, HF-NB-0412",
      ip: "203.0.113.24",
      created_at: ago(now, 30 * HOUR),
      last_used_at: ago(now, MINUTE),
      expires_at,
    },
    {
      id: "s2",
      current: false,
      client: "Deskbell 0.1.0, Windows 11, HF-TS-01",
      ip: "203.0.113.80",
      created_at: ago(now, 200 * HOUR),
      last_used_at: ago(now, 50 * HOUR),
      expires_at,
    },
  ];
}

/** A setting that is the user's to change. */
export function chosen<T>(value: T): Setting<T> {
  return { value, managed: false, origin: "default" };
}

/** A setting that somebody else has decided. */
export function decided<T>(value: T, origin: Origin): Setting<T> {
  return { value, managed: true, origin };
}

/** What the check of a computer found whose clock is a day ahead. */
export function checked(): CheckView {
  const pass = (check: string, title: string, text: string): FindingView => ({
    check,
    title,
    text,
    result: "pass",
    code: "fine",
    remedy: null,
    values: {},
  });
  return {
    version: "0.1.0",
    result: "warning",
    checks: [
      pass("server", "Server", "support.harbourfinch.example answers, over the proxy proxy.hf.example:8080."),
      pass("tls", "Certificate", "It is trusted. Issued by: Harbour & Finch Inspection CA"),
      {
        check: "clock",
        title: "Clock",
        result: "warning",
        code: "ahead",
        text: "It is 1440 minutes ahead of the server's.",
        remedy: "Set the computer's date and time, best by letting it follow a time server.",
        values: { minutes: "1440" },
      },
      pass("keyring", "Keyring", "It keeps the session."),
    ],
    report:
      "Deskbell 0.1.0, check of this computer\nWarning: Clock. It is 1440 minutes ahead of the server's.",
  };
}

export function appView(): AppView {
  return {
    phase: {
      type: "signed_in",
      account: { name: "Ana Silva", email: "ana.silva@harbourfinch.example" },
      organization,
    },
    connection: { type: "online" },
    unread_count: 2,
    waiting_count: 0,
    notices: [],
    settings: {
      server_url: decided("https://support.harbourfinch.example", "machine_policy"),
      organization: decided("Harbour & Finch", "installed"),
      autostart: chosen(true),
      kiosk: chosen(false),
      toasts: chosen(true),
      toast_text: chosen(true),
      toast_text_locked: chosen(false),
      typing: chosen(true),
      diagnostics: chosen(true),
      language: chosen(""),
      theme: chosen("system"),
    },
    locale: "en",
    version: "0.1.0",
    route: { type: "home" },
    enlarged: false,
  };
}

/** A conversation of which only what differs is given. */
export function conversation(
  now: number,
  part: Partial<ConversationView> & { id: string },
): ConversationView {
  return {
    ticket_number: "HF-1042",
    status: "open",
    label: null,
    subject: "Outlook asks for my password again and again",
    assignee: tess,
    device_name: "HF-NB-0412",
    created_at: ago(now, 3 * HOUR),
    last_activity_at: ago(now, 5 * MINUTE),
    closed_by: null,
    unread_count: 0,
    preview: null,
    delivery: { type: "sent" },
    ...part,
  };
}

/** A line of which only what differs is given. */
export function line(now: number, part: Partial<MessageView> & { id: string }): MessageView {
  return {
    seq: null,
    kind: "message",
    author: part.mine ? ana : tess,
    mine: false,
    body: "",
    update: null,
    created_at: ago(now, MINUTE),
    delivery: { type: "sent" },
    ...part,
  };
}

export const IDS = { outlook: "c1", printer: "c2", vpn: "c3", screen: "c4", queued: "c5", refused: "c6" };

export function conversations(now: number): ConversationView[] {
  const more = Array.from({ length: 60 }, (_, at) =>
    conversation(now, {
      id: `old${String(at).padStart(3, "0")}`,
      ticket_number: `HF-${900 - at}`,
      status: "closed",
      subject:
        [
          "Docking station is not recognised",
          "New mouse",
          "Access to the project share",
          "Teams has no sound",
        ][at % 4] ?? "",
      closed_by: tess,
      created_at: ago(now, (20 + at) * 24 * HOUR),
      last_activity_at: ago(now, (19 + at) * 24 * HOUR),
      preview: { text: "Thanks, it works again!", mine: true },
    }),
  );
  return [
    conversation(now, {
      id: IDS.outlook,
      status: "waiting",
      unread_count: 2,
      preview: { text: "Could you open **Settings → Accounts** and tell me what you see?", mine: false },
    }),
    conversation(now, {
      id: IDS.printer,
      ticket_number: "HF-1043",
      status: "new",
      assignee: null,
      subject: "Printer on the second floor prints only blank pages",
      device_name: "HF-PRN-2F",
      created_at: ago(now, 12 * MINUTE),
      last_activity_at: ago(now, 12 * MINUTE),
      preview: { text: "Since this morning, with every document.", mine: true },
    }),
    conversation(now, {
      id: IDS.vpn,
      ticket_number: "HF-1038",
      label: "With the network team",
      subject: "VPN drops every few minutes when I work from home",
      created_at: ago(now, 50 * HOUR),
      last_activity_at: ago(now, 26 * HOUR),
      preview: { text: "I have passed it to our network colleagues.", mine: false },
    }),
    conversation(now, {
      id: IDS.screen,
      ticket_number: "HF-0977",
      status: "closed",
      subject: "Second screen stays black",
      closed_by: tess,
      created_at: ago(now, 9 * 24 * HOUR),
      last_activity_at: ago(now, 8 * 24 * HOUR),
      preview: { text: "Great, then I close this.", mine: false },
    }),
    ...more,
  ];
}

export function messages(now: number, id: string): MessageView[] {
  const at = (minutes: number) => ago(now, minutes * MINUTE);
  if (id === IDS.outlook) {
    return [
      line(now, {
        id,
        seq: 10,
        mine: true,
        body: "Outlook asks for my password **again and again** since this morning.\n\nI have already restarted the computer. The message is:\n\n> Your credentials could not be verified (0x80070005)",
        created_at: at(180),
        delivery: { type: "read", at: at(176) },
      }),
      line(now, {
        id: "m1",
        seq: 11,
        kind: "update",
        author: null,
        update: { type: "ticket_created", ticket: { number: "HF-1042" } },
        created_at: at(180),
      }),
      line(now, {
        id: "m2",
        seq: 12,
        kind: "update",
        author: tess,
        update: { type: "assigned", technician: { id: "t1", name: "Tess Berg", role: "technician" } },
        created_at: at(176),
      }),
      line(now, { id: "m3", seq: 13, body: "Good morning Ana, I am looking into it.", created_at: at(175) }),
      line(now, {
        id: "m4",
        seq: 14,
        body: "Does it also happen in the browser, at https://mail.harbourfinch.example?",
        created_at: at(174),
      }),
      line(now, {
        id: "m5",
        seq: 15,
        mine: true,
        body: "No, there it works.",
        created_at: at(170),
        delivery: { type: "read", at: at(169) },
      }),
      line(now, {
        id: "m6",
        seq: 16,
        mine: true,
        body: "And on my phone it works too.",
        created_at: at(169),
        delivery: { type: "delivered" },
      }),
      line(now, {
        id: "m7",
        seq: 17,
        body: "Thank you. Then it is the stored password in Windows. Please:\n\n1. Close Outlook\n2. Open *Credential Manager*\n3. Remove everything that begins with `MicrosoftOffice16`\n\nThe steps with pictures are in [this article](https://help.harbourfinch.example/credentials).",
        created_at: at(8),
      }),
      line(now, {
        id: "m8",
        seq: 18,
        body: "Could you open **Settings → Accounts** and tell me what you see?",
        created_at: at(5),
      }),
    ];
  }
  if (id === IDS.screen) {
    return [
      line(now, {
        id,
        seq: 1,
        mine: true,
        body: "My second screen stays black.",
        created_at: at(9 * 1440),
        delivery: { type: "read", at: at(9 * 1440 - 4) },
      }),
      line(now, {
        id: "x1",
        seq: 2,
        kind: "update",
        author: null,
        update: { type: "ticket_created", ticket: { number: "HF-0977" } },
        created_at: at(9 * 1440),
      }),
      line(now, {
        id: "x2",
        seq: 3,
        body: "Is the cable in the docking station's upper port?",
        created_at: at(9 * 1440 - 4),
      }),
      line(now, {
        id: "x3",
        seq: 4,
        mine: true,
        body: "It was not. Now it works, thanks!",
        created_at: at(8 * 1440 + 3),
        delivery: { type: "read", at: at(8 * 1440 + 2) },
      }),
      line(now, { id: "x4", seq: 5, body: "Great, then I close this.", created_at: at(8 * 1440 + 1) }),
      line(now, {
        id: "x5",
        seq: 6,
        kind: "update",
        author: tess,
        update: { type: "closed" },
        created_at: at(8 * 1440),
      }),
    ];
  }
  if (id === IDS.queued)
    return [
      line(now, {
        id,
        mine: true,
        body: "The Wi-Fi in the meeting room is gone.",
        delivery: { type: "waiting" },
      }),
    ];
  if (id === IDS.refused)
    return [
      line(now, {
        id,
        mine: true,
        body: "Please give me a new keyboard.",
        delivery: { type: "failed", code: "invalid_field" },
      }),
    ];
  const mine = conversations(now).find((one) => one.id === id);
  const text = mine?.subject ?? "";
  return [
    line(now, {
      id,
      seq: 1,
      mine: true,
      body: text,
      created_at: mine?.created_at ?? at(12),
      delivery: { type: "delivered" },
    }),
    line(now, {
      id: `${id}-t`,
      seq: 2,
      kind: "update",
      author: null,
      update: { type: "ticket_created", ticket: { number: mine?.ticket_number ?? "" } },
      created_at: mine?.created_at ?? at(12),
    }),
  ];
}

/** A chat of very many lines. */
export function longChat(now: number, count: number): MessageView[] {
  return Array.from({ length: count }, (_, at) =>
    line(now, {
      id: `l${String(at).padStart(6, "0")}`,
      seq: at + 1,
      mine: at % 3 === 0,
      body: `Line ${at + 1} of ${count}, ${"word ".repeat(at % 17)}`,
      created_at: ago(now, (count - at) * MINUTE),
      delivery: { type: "read", at: ago(now, (count - at) * MINUTE) },
    }),
  );
}
