import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import App from "./App.svelte";
import { Client } from "./client";
import { IDS, ago, conversation, decided, line, organization } from "./fake/data";
import { Fake } from "./fake/fake";
import { scenes, setScene } from "./fake/scenes";

let fake: Fake;
// What the window loads when it is first needed; here it would be compiled first, which takes long on a busy machine.
beforeAll(async () => {
  await import("./settings/Settings.svelte");
  await import("./help/DeviceChoice.svelte");
  await import("$shared/markdown/LinkDialog.svelte");
  await import("$shared/chat/LinkForm.svelte");
}, 120_000);
beforeEach(() => {
  fake = new Fake();
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

/** Opens the window on a scene. */
async function open(scene = "home") {
  setScene(fake, scene);
  const user = userEvent.setup();
  const view = render(App, { client: new Client(fake) });
  await waitFor(() => expect(document.querySelector("main")).not.toBeNull());
  return { user, ...view };
}

const test = (id: string) => screen.findByTestId(id);
const asked = (type: string) => fake.asked.filter((command) => command.type === type);
const last = (type: string) => asked(type).at(-1);

describe("choosing the server", () => {
  it("takes a host and means https", async () => {
    const { user } = await open("server");
    await user.type(await test("server-address"), "support.example.com{Enter}");
    expect(last("set_server")).toEqual({ type: "set_server", url: "https://support.example.com" });
    await test("email");
  });

  it("says what to do when a sign-in page of the network answers", async () => {
    const { user } = await open("server");
    fake.fail("set_server", "not_deskbell");
    await user.type(await test("server-address"), "https://portal.example{Enter}");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("Something else answered");
    expect(alert.textContent).toContain("open it in your browser first");
    expect(document.activeElement).toBe(await test("server-address"));
  });
});

describe("signing in", () => {
  it("asks for the e-mail address, the way, the code, and shows home", async () => {
    const { user } = await open("sign-in");
    await user.type(await test("email"), "ana.silva@harbourfinch.example{Enter}");
    await user.click(await test("by-email"));
    await user.type(await test("code"), "123456");
    await test("home");
    expect(last("verify_code")).toEqual({ type: "verify_code", code: "123456" });
  });

  it("does not ask the server about half an address", async () => {
    const { user } = await open("sign-in");
    await user.type(await test("email"), "ana.silva{Enter}");
    expect((await screen.findByRole("alert")).textContent).toContain("whole e-mail address");
    expect(asked("start_sign_in")).toEqual([]);
  });

  it("sends a text message to the full number only", async () => {
    const { user } = await open("method");
    await user.click(await test("by-sms"));
    await user.type(await test("phone"), "0151 1234567{Enter}");
    expect((await screen.findByRole("alert")).textContent).toContain("country code");
    expect(asked("send_code_by_sms")).toEqual([]);
    await user.clear(await test("phone"));
    await user.type(await test("phone"), "+49 151 12345601{Enter}");
    expect(last("send_code_by_sms")).toEqual({ type: "send_code_by_sms", phone: "+49 151 12345601" });
  });

  it("offers no text message where there are none", async () => {
    fake.app = { ...fake.app, phase: { type: "choosing_method", email: "a@b.example", sms: false } };
    await open("");
    await test("by-email");
    expect(screen.queryByTestId("by-sms")).toBeNull();
  });

  it("says whose support desk it is", async () => {
    await open("sign-in");
    expect((await test("organization")).textContent).toBe("Support for Harbour & Finch");
  });

  it("takes a pasted code with spaces", async () => {
    const { user } = await open("code");
    await user.click(await test("code"));
    await user.paste(" 123 456 ");
    expect(last("verify_code")).toEqual({ type: "verify_code", code: "123456" });
  });

  it("tells how many tries are left and empties the field", async () => {
    const { user } = await open("code");
    fake.fail("verify_code", "code_invalid", { attempts_left: 2 });
    await user.type(await test("code"), "111111");
    expect((await screen.findByRole("alert")).textContent).toContain("2 tries left");
    expect(((await test("code")) as HTMLInputElement).value).toBe("");
    await user.type(await test("code"), "222222");
    expect(asked("verify_code")).toHaveLength(2);
  });

  it("lets nobody go on after too many wrong codes, and says so", async () => {
    const { user } = await open("code");
    fake.fail("verify_code", "challenge_exhausted", { attempts_left: null, retry_after_seconds: 600 });
    await user.type(await test("code"), "111111");
    expect((await screen.findByRole("alert")).textContent).toContain("Possible again in 10 minutes");
    expect(await test("code")).toHaveProperty("disabled", true);
  });

  it("sends a new code only when one is possible", async () => {
    await open("code");
    expect(await test("code-resend")).toHaveProperty("disabled", true);
    expect((await test("code-resend")).textContent).toContain("New code possible in 0:4");
  });

  it("says what to do when the code has run out", async () => {
    const { user } = await open("code-expired");
    expect((await screen.findByRole("alert")).textContent).toContain("Ask for a new one");
    await user.click(await test("code-resend"));
    expect(last("send_code_by_email")).toBeDefined();
  });

  it("another way leads back to the choice while the old code stays good", async () => {
    const { user } = await open("code");
    await user.click(await test("other-method"));
    await test("by-sms");
    expect(asked("cancel_sign_in")).toEqual([]);
  });

  it("says why one was signed out", async () => {
    await open("signed-out");
    expect((await test("signed-out-reason")).textContent).toContain("it has been a while");
  });
});

describe("home", () => {
  it("is the organization's own: name, logo, hours and phone", async () => {
    const { user } = await open();
    expect((await test("organization-name")).textContent).toBe("Harbour & Finch");
    expect(document.querySelector<HTMLImageElement>(".logo img")?.src).toMatch(
      /^data:image\/svg\+xml;base64,/,
    );
    expect((await test("hours")).textContent).toMatch(/Open until|Closed/);
    await user.click(await test("phone-link"));
    expect(last("open_link")).toEqual({ type: "open_link", url: "tel:+494055501230", confirmed: true });
  });

  it("lists conversations with ticket number, status, age and what is unread", async () => {
    await open();
    const [first] = await screen.findAllByTestId("conversation");
    if (!first) throw new Error("no conversation is listed");
    expect(within(first).getByTestId("ticket-number").textContent).toBe("HF-1042");
    expect(within(first).getByTestId("status").textContent).toBe("Waiting for you");
    expect(within(first).getByTestId("age").textContent?.trim()).toBe("3 h");
    expect(within(first).getByTestId("unread").textContent).toContain("2 unread messages");
  });

  it("shows the provider's own word for a status", async () => {
    await open();
    await screen.findByText("With the network team");
  });

  it("moves a conversation up when something happens in it", async () => {
    await open();
    await screen.findAllByTestId("conversation");
    fake.change(IDS.vpn, { last_activity_at: ago(Date.now(), 0), unread_count: 1 });
    await waitFor(() => expect(screen.getAllByTestId("conversation")[0]?.dataset["id"]).toBe(IDS.vpn));
  });

  it("keeps a request that waits to be sent on top, marked as waiting", async () => {
    await open("home-offline");
    const [first] = await screen.findAllByTestId("conversation");
    if (!first) throw new Error("no conversation is listed");
    expect(within(first).getByTestId("waiting").textContent).toContain("Waiting to be sent");
    expect(within(first).queryByTestId("ticket-number")).toBeNull();
  });

  it("shows more conversations on demand", async () => {
    const { user } = await open();
    expect(await screen.findAllByTestId("conversation")).toHaveLength(20);
    await user.click(screen.getByText("Show more"));
    await waitFor(() => expect(screen.getAllByTestId("conversation")).toHaveLength(40));
  });

  it("says what to do when nothing was asked yet", async () => {
    await open("home-empty");
    await screen.findByText(/Press Help when something does not work/);
  });

  it("says why the list is not there and tries again", async () => {
    fake.fail("conversations", "unavailable");
    const { user } = await open();
    await screen.findByText("The server cannot do this right now.");
    await user.click(screen.getByText("Try again"));
    await screen.findAllByTestId("conversation");
  });

  it("moves through the list with the arrow keys", async () => {
    const { user } = await open();
    const entries = await screen.findAllByTestId("conversation");
    entries[0]?.focus();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
    expect(document.activeElement).toBe(entries[1]);
    await user.keyboard("{Enter}");
    await test("chat");
  });

  it("opens a help article in the browser, not here", async () => {
    const { user } = await open();
    const [article] = await screen.findAllByTestId("article");
    if (!article) throw new Error("no article is listed");
    await user.click(article);
    expect(last("open_link")).toMatchObject({ url: "https://help.harbourfinch.example/vpn" });
  });
});

describe("asking for help", () => {
  it("asks for chat, description and device, with this computer chosen", async () => {
    const { user } = await open();
    await user.click(await test("help"));
    await user.click(await test("start-chat"));
    await user.type(await test("description"), "No sound");
    await user.click(await test("description-next"));
    const devices = await screen.findAllByTestId("device");
    expect(devices[0]?.dataset["this"]).toBe("true");
    expect(devices[0]?.textContent).toContain("This computer");
    expect(devices[0]?.getAttribute("aria-checked")).toBe("true");
    await user.click(await test("request-send"));
    expect(last("start_conversation")).toEqual({
      type: "start_conversation",
      description: "No sound",
      device_id: devices[0]?.dataset["id"],
    });
    await test("chat");
  });

  it("attaches the check of this computer only when ticked, and shows it before", async () => {
    const { user } = await open("describe");
    const tick = (await test("attach-check")) as HTMLInputElement;
    expect(tick.checked, "nobody has asked for it").toBe(false);
    await user.click(tick);
    expect((await test("attached-check")).textContent).toContain("Warning: Clock.");
    await user.click(await test("description-next"));
    await user.click(await test("request-send"));
    const sent = last("start_conversation") as { description: string };
    expect(sent.description).toMatch(
      /^The beamer .*\n\n```\nDeskbell 0\.1\.0, check of this computer\n[^]*\n```$/,
    );
  });

  it("attaches nothing when the tick is taken back", async () => {
    const { user } = await open("describe");
    await user.click(await test("attach-check"));
    await test("attached-check");
    await user.click(await test("attach-check"));
    expect(screen.queryByTestId("attached-check")).toBeNull();
    await user.click(await test("description-next"));
    await user.click(await test("request-send"));
    expect(last("start_conversation")).toMatchObject({
      description: "The beamer in the large meeting room shows no picture.",
    });
  });

  it("offers no check where a policy says so", async () => {
    fake.app = {
      ...fake.app,
      settings: { ...fake.app.settings, diagnostics: decided(false, "machine_policy") },
    };
    await open("describe");
    await test("description");
    expect(screen.queryByTestId("attach-check")).toBeNull();
  });

  it("takes None of the above", async () => {
    const { user } = await open("describe");
    await user.click(await test("description-next"));
    await user.click(await test("no-device"));
    await user.click(await test("request-send"));
    expect(last("start_conversation")).toMatchObject({ device_id: null });
  });

  it("does not go on without a description", async () => {
    const { user } = await open("help");
    await user.click(await test("start-chat"));
    await user.click(await test("description-next"));
    expect(screen.queryByTestId("request-send")).toBeNull();
    await screen.findByText("Write something first.");
  });

  it("keeps what is typed when one goes away, and brings it back", async () => {
    const { user } = await open("help");
    await user.click(await test("start-chat"));
    await user.type(await test("description"), "Half a sen");
    await user.keyboard("{Escape}");
    await test("home");
    expect(fake.drafts.get("new")).toBe("Half a sen");
    await user.click(await test("help"));
    await waitFor(async () =>
      expect(((await test("description")) as HTMLTextAreaElement).value).toBe("Half a sen"),
    );
  });

  it("loses nothing when it fails, and says what to do", async () => {
    const { user } = await open("describe");
    fake.fail("start_conversation", "cannot_store");
    await user.click(await test("description-next"));
    await user.click(await test("request-send"));
    await screen.findByText("Free some disk space, then try again.");
    await user.click(await test("request-send"));
    await test("chat");
  });

  it("offline it says that the request is kept and sent once", async () => {
    const { user } = await open("home-offline");
    fake.drafts.set("new", "No network");
    await user.click(await test("help"));
    await user.click(await test("description-next"));
    await screen.findByText(/Your request is kept and sent once/);
  });
});

describe("a chat", () => {
  it("shows who answers with a badge from the role, not the name", async () => {
    await open("chat");
    expect((await test("assignee")).textContent).toContain("Tess Berg answers");
    fake.put(
      IDS.outlook,
      line(Date.now(), {
        id: "fraud",
        seq: 99,
        author: { name: "IT Support", role: "requester" },
        body: "Give me your password",
      }),
    );
    const bubble = await waitFor(() => {
      const found = document.querySelector<HTMLElement>("[data-id=fraud]");
      if (!found) throw new Error("the line is not shown");
      return found;
    });
    expect(bubble.querySelector(".role")).toBeNull();
  });

  it("shows new messages under a red line and updates between the messages", async () => {
    await open("chat");
    const divider = await test("new-divider");
    expect(divider.textContent).toContain("New messages");
    expect(divider.nextElementSibling?.textContent).toContain("stored password");
    await screen.findByText("Ticket HF-1042 was created");
    await screen.findByText("Tess Berg has taken over");
  });

  it("is read once its newest line is seen with the focus", async () => {
    await open("chat");
    await waitFor(() => expect(last("mark_read")).toEqual({ type: "mark_read", id: IDS.outlook }));
  });

  it("is not read while the window has no focus; what comes then is under the red line", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(false);
    fake.conversations = fake.conversations.map((one) => ({ ...one, unread_count: 0 }));
    await open("chat");
    await screen.findByText(/Could you open/);
    expect(screen.queryByTestId("new-divider")).toBeNull();
    fake.change(IDS.outlook, { unread_count: 1 });
    fake.put(IDS.outlook, line(Date.now(), { id: "late", seq: 50, body: "Are you there?" }));
    expect((await test("new-divider")).nextElementSibling?.textContent).toContain("Are you there?");
    expect(asked("mark_read")).toEqual([]);
  });

  it("sends with Enter, begins a line with Shift and Enter, and shows the message as waiting", async () => {
    const { user } = await open("chat");
    const field = (await test("composer")) as HTMLTextAreaElement;
    await user.type(field, "One{Shift>}{Enter}{/Shift}two{Enter}");
    expect(last("send_message")).toEqual({
      type: "send_message",
      conversation_id: IDS.outlook,
      body: "One\ntwo",
    });
    await waitFor(() => expect(field.value).toBe(""));
    await waitFor(() =>
      expect(document.querySelector("[data-delivery=waiting]")?.textContent).toContain("two"),
    );
  });

  it("takes the next message at once, while the one before is still being stored", async () => {
    const { user } = await open("chat");
    const field = (await test("composer")) as HTMLTextAreaElement;
    const stored = fake.hold("send_message");
    await user.type(field, "First{Enter}Second{Enter}Third");
    expect(field.value).toBe("Third");
    stored();
    await waitFor(() => expect(asked("send_message")).toMatchObject([{ body: "First" }, { body: "Second" }]));
    expect(field.value).toBe("Third");
  });

  it("sends nothing blank", async () => {
    const { user } = await open("chat");
    await user.type(await test("composer"), "   {Enter}");
    expect(asked("send_message")).toEqual([]);
  });

  it("keeps the text when it cannot be stored", async () => {
    const { user } = await open("chat");
    fake.fail("send_message", "cannot_store");
    await user.type(await test("composer"), "Important{Enter}");
    await screen.findByText("Free some disk space, then try again.");
    expect(((await test("composer")) as HTMLTextAreaElement).value).toBe("Important");
  });

  it("shows how far a message has come: waiting, sent, delivered, and when it was read", async () => {
    await open("chat");
    const at = ago(Date.now(), 1000);
    for (const [delivery, text] of [
      [{ type: "waiting" }, "Waiting to be sent"],
      [{ type: "sent" }, "Sent"],
      [{ type: "delivered" }, "Delivered"],
      [{ type: "read", at }, /^Read /],
    ] as const) {
      fake.put(IDS.outlook, line(Date.now(), { id: "own", mine: true, body: "Mine", delivery }));
      await waitFor(() =>
        expect(document.querySelector("[data-id=own] .mark")?.getAttribute("aria-label")).toMatch(text),
      );
    }
    expect(document.querySelectorAll("[data-id=own]")).toHaveLength(1);
  });

  it("lets a refused message be tried again or discarded", async () => {
    const { user } = await open("chat-failed");
    expect((await screen.findByText(/Not sent:/)).textContent).toContain("larger than allowed");
    await user.click(screen.getByText("Try again"));
    expect(last("retry")).toEqual({ type: "retry", id: "zz" });
    await user.click(screen.getByText("Discard"));
    await waitFor(() => expect(document.querySelector("[data-id=zz]")).toBeNull());
  });

  it("tells who types and forgets it when the message comes", async () => {
    await open("chat");
    await screen.findByText(/Could you open/);
    fake.send({
      type: "typing",
      conversation_id: IDS.outlook,
      person: { name: "Tess Berg", role: "technician" },
    });
    await screen.findByText("Tess Berg is typing…");
    fake.put(IDS.outlook, line(Date.now(), { id: "answer", seq: 60, body: "There." }));
    await waitFor(() => expect(screen.queryByText("Tess Berg is typing…")).toBeNull());
  });

  it("reads a new message out once", async () => {
    await open("chat");
    await screen.findByText(/Could you open/);
    fake.put(IDS.outlook, line(Date.now(), { id: "answer", seq: 60, body: "Please **restart**." }));
    await waitFor(() => expect(screen.getByTestId("heard").textContent).toBe("Tess Berg: Please restart."));
  });

  it("tells the other side about typing at most every three seconds, and keeps the draft", async () => {
    const { user } = await open("chat");
    await user.type(await test("composer"), "Some more text");
    expect(asked("typing")).toHaveLength(1);
    await waitFor(() => expect(fake.drafts.get(IDS.outlook)).toBe("Some more text"));
  });

  it("brings the draft back", async () => {
    fake.drafts.set(IDS.outlook, "Unfinished");
    await open("chat");
    await waitFor(async () =>
      expect(((await test("composer")) as HTMLTextAreaElement).value).toBe("Unfinished"),
    );
  });

  it("makes the selection bold, italic, and a link", async () => {
    const { user } = await open("chat");
    const field = (await test("composer")) as HTMLTextAreaElement;
    await user.type(field, "now");
    field.setSelectionRange(0, 3);
    await user.click(screen.getByLabelText("Bold"));
    await waitFor(() => expect(field.value).toBe("**now**"));
    await user.click(screen.getByLabelText("Italic"));
    await waitFor(() => expect(field.value).toBe("***now***"));
    field.setSelectionRange(field.value.length, field.value.length);
    await user.click(screen.getByLabelText("Link"));
    await user.type(await screen.findByLabelText("Address"), "javascript:alert(1)");
    await user.click(screen.getByText("Add link"));
    await screen.findByRole("alert");
    await user.clear(screen.getByLabelText("Address"));
    await user.type(screen.getByLabelText("Address"), "host.example/a");
    await user.click(screen.getByText("Add link"));
    await waitFor(() => expect(field.value).toBe("***now***https://host.example/a"));
  });

  it("says how much too long a text is and does not send it", async () => {
    const { user } = await open("chat");
    const field = await test("composer");
    await user.click(field);
    await user.paste("ä".repeat(8193));
    await screen.findByText("2 characters too long");
    await user.keyboard("{Enter}");
    expect(asked("send_message")).toEqual([]);
  });

  it("that is closed is read-only and leads to a new one", async () => {
    const { user } = await open("chat-closed");
    await test("closed");
    expect(screen.queryByTestId("composer")).toBeNull();
    await screen.findByText("Closed by Tess Berg");
    await user.click(await test("ask-again"));
    await test("start-chat");
  });

  it("closes before one's eyes", async () => {
    await open("chat");
    await test("composer");
    fake.change(IDS.outlook, { status: "closed" });
    await test("closed");
    expect(screen.queryByTestId("composer")).toBeNull();
  });

  it("of somebody else is not there, and leads to the list", async () => {
    const { user } = await open("chat-gone");
    await screen.findByText("This conversation is not there");
    await user.click(screen.getByText("To the list"));
    await test("home");
  });

  it("asks where a link leads before it is opened", async () => {
    const { user } = await open("chat");
    await user.click(await screen.findByText("this article"));
    const dialog = await screen.findByRole("dialog");
    expect(dialog.textContent).toContain("help.harbourfinch.example");
    expect(asked("open_link")).toEqual([]);
    await user.click(within(dialog).getByText("Open"));
    expect(last("open_link")).toMatchObject({ confirmed: true });
  });

  it("is asked for anew when the lists were reset", async () => {
    await open("chat");
    await test("composer");
    fake.messages.set(IDS.outlook, [line(Date.now(), { id: "new", seq: 1, body: "All new" })]);
    fake.send({ type: "lists_reset" });
    await screen.findByText("All new");
  });
});

describe("what is heard while an answer is on its way", () => {
  /** Holds the answer to one kind of command back until it is let go. */
  function hold(type: string): () => void {
    let letGo = () => {};
    const held = new Promise<void>((done) => (letGo = done));
    const answer = fake.command.bind(fake);
    fake.command = async (command) => {
      const ready = answer(command);
      if (command.type === type) await ready.then(() => held);
      return ready;
    };
    return () => letGo();
  }

  it("is in the chat afterwards", async () => {
    const letGo = hold("open_chat");
    await open("chat");
    await waitFor(() => expect(asked("open_chat")).toHaveLength(1));
    fake.messages.set(IDS.outlook, [...fake.lines(IDS.outlook)]);
    fake.put(IDS.outlook, line(Date.now(), { id: "between", seq: 70, body: "In between" }));
    letGo();
    await screen.findByText("In between");
    await screen.findByText(/Could you open/);
  });

  it("is in the list afterwards", async () => {
    const letGo = hold("conversations");
    await open("home");
    await waitFor(() => expect(asked("conversations")).toHaveLength(1));
    fake.change(IDS.vpn, { subject: "Changed in between", last_activity_at: ago(Date.now(), 0) });
    letGo();
    await screen.findByText("Changed in between");
  });
});

describe("a request that was refused", () => {
  it("is discarded with its chat", async () => {
    fake.conversations = [
      conversation(Date.now(), {
        id: IDS.refused,
        ticket_number: null,
        assignee: null,
        delivery: { type: "failed", code: "invalid_field" },
      }),
    ];
    fake.app = { ...fake.app, route: { type: "conversation", id: IDS.refused } };
    const { user } = await open("");
    await user.click(await screen.findByText("Discard"));
    await test("home");
    await screen.findByText("Nothing asked yet");
  });
});

describe("without live updates", () => {
  it.each([
    ["en", "Connected without live updates"],
    ["de", "Verbunden ohne sofortige Aktualisierung"],
  ])("says so in one sentence (%s)", async (locale, words) => {
    fake.app = { ...fake.app, locale, connection: { type: "delayed" } };
    render(App, { client: new Client(fake) });
    expect((await test("delayed")).textContent).toContain(words);
    expect(screen.queryByTestId("offline")).toBeNull();
  });

  it("is no alarm: what is written is sent", async () => {
    fake.app = { ...fake.app, connection: { type: "delayed" } };
    render(App, { client: new Client(fake) });
    await test("delayed");
    await test("help");
    expect(screen.queryByTestId("waiting-count")).toBeNull();
  });
});

describe("offline", () => {
  it("says why, when it tries again, and whom to call", async () => {
    const { user } = await open("home-offline");
    const banner = await test("offline");
    expect(banner.textContent).toContain("No connection to the server");
    expect(banner.textContent).toMatch(/Next try in 0:\d\d/);
    expect(banner.textContent).toContain("1 message waits to be sent");
    expect(banner.textContent).toContain("+49 40 5550 1230");
    await user.click(await test("connect-now"));
    await waitFor(() => expect(screen.queryByTestId("offline")).toBeNull());
    expect(screen.getAllByText("Connected again").length).toBeGreaterThan(0);
  });

  it.each([
    ["not_deskbell", "own sign-in first"],
    ["certificate", "certificate is not trusted"],
    ["proxy", "proxy of this network"],
    ["server_unavailable", "busy or being serviced"],
    ["version_mismatch", "do not fit together"],
  ] as const)("because of %s it says so", async (reason, text) => {
    fake.app = { ...fake.app, connection: { type: "offline", reason, retry_at: null } };
    await open("");
    expect((await test("offline")).textContent).toContain(text);
    expect((await test("offline")).textContent).toContain("Trying now");
  });
});

describe("notices", () => {
  it("say what is wrong with this computer and what follows", async () => {
    await open("home-notices");
    const texts = (await screen.findAllByTestId("notice")).map((notice) => notice.textContent);
    expect(texts[0]).toContain("sign in again next time");
    expect(texts[1]).toContain("1 day ahead");
  });
});

describe("settings", () => {
  it("change language and theme at once", async () => {
    const { user } = await open("settings");
    await user.click(await screen.findByLabelText(/^Language/));
    await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    await waitFor(() => expect(last("change_setting")).toBeDefined());
    fake.set({ locale: "de" });
    await screen.findByRole("heading", { name: "Einstellungen" });
    expect(document.documentElement.lang).toMatch(/^de/);
  });

  it("are switched with a click", async () => {
    const { user } = await open("settings");
    await user.click(await screen.findByRole("switch", { name: "Show notifications" }));
    expect(last("change_setting")).toEqual({
      type: "change_setting",
      change: { name: "toasts", value: false },
    });
  });

  it("that the organization set are shown as such and cannot be changed", async () => {
    fake.app = {
      ...fake.app,
      settings: { ...fake.app.settings, autostart: decided(true, "user_policy") },
    };
    await open("settings");
    expect(await screen.findByRole("switch", { name: "Start with the computer" })).toHaveProperty(
      "disabled",
      true,
    );
    const who = screen.getAllByTestId("managed").map((line) => line.textContent.trim());
    expect(who).toEqual([
      "Set by your organization for you. Your IT can change it.",
      "Set by your organization for this computer. Your IT can change it.",
    ]);
  });

  it("on a shared computer offer no signing out, and say who decided that", async () => {
    await open("settings-managed");
    await screen.findByText("Shared computer");
    expect(screen.queryByTestId("sign-out")).toBeNull();
    expect(screen.getByText(/^Set when Deskbell was installed/)).toBeTruthy();
  });

  it("check this computer, tell what needs attention and what to do, and copy it", async () => {
    const { user } = await open("settings");
    const copied = vi.spyOn(navigator.clipboard, "writeText");
    await user.click(await test("check-computer"));
    await screen.findByText("1 thing needs attention.");
    const clock = screen.getAllByTestId("finding").find((one) => one.dataset.check === "clock");
    expect(clock?.dataset.result).toBe("warning");
    expect(clock?.textContent).toContain("Set the computer's date and time");
    await user.click(await test("check-copy"));
    expect(copied.mock.calls[0]?.[0]).toContain("Warning: Clock.");
    await screen.findByText("Copied");
  });

  it("end another session after asking", async () => {
    const { user } = await open("settings");
    await user.click(await screen.findByLabelText(/End the session of .*HF-TS-01/));
    await user.click(within(await screen.findByRole("dialog")).getByText("End"));
    await waitFor(() => expect(last("end_session")).toEqual({ type: "end_session", id: "s2" }));
    await waitFor(() => expect(screen.getAllByTestId("session")).toHaveLength(1));
  });

  it("signing out tells what would be lost", async () => {
    fake.app = { ...fake.app, waiting_count: 2 };
    const { user } = await open("settings");
    await user.click(await test("sign-out"));
    const dialog = await screen.findByRole("dialog");
    expect(dialog.textContent).toContain("2 messages have not been sent yet and will be lost.");
    expect(asked("sign_out")).toEqual([]);
    await user.click(within(dialog).getByTestId("sign-out-confirm"));
    await test("email");
  });
});

describe("the window", () => {
  it("is enlarged and reduced by the arrow in the corner", async () => {
    const { user } = await open();
    await user.click(await test("enlarge"));
    expect(last("enlarge")).toEqual({ type: "enlarge", enlarged: true });
    await waitFor(async () =>
      expect((await test("enlarge")).getAttribute("aria-label")).toBe("Reduce the window"),
    );
  });

  it("goes where a toast or the tray says", async () => {
    await open();
    await test("home");
    fake.send({ type: "navigate", route: { type: "conversation", id: IDS.screen } });
    expect((await test("chat")).dataset["id"]).toBe(IDS.screen);
  });

  it("leads back with Escape, but a dialog is closed first", async () => {
    const { user } = await open("settings");
    await user.click(await test("sign-out"));
    await screen.findByRole("dialog");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.queryByTestId("home")).toBeNull();
    await user.keyboard("{Escape}");
    await test("home");
    expect(last("went")).toEqual({ type: "went", route: { type: "home" } });
  });

  it("wears the organization's accent", async () => {
    await open();
    await test("home");
    expect(document.documentElement.style.getPropertyValue("--accent-light")).toBe(
      organization.branding.accent_colour,
    );
  });

  it("says when the client does not answer, and tries again", async () => {
    fake.fail("app", "unknown");
    const { user } = await open();
    await user.click(await screen.findByText("Try again"));
    await test("home");
  });
});

describe("every scene", () => {
  it.each(Object.keys(scenes).filter((name) => name !== "chat-long"))(
    "%s has sound structure for a screen reader",
    async (scene) => {
      await open(scene);
      await waitFor(() => expect(document.querySelector("h1")).not.toBeNull());
      const { violations } = await axe.run(document.body, {
        rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
      });
      expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`)).toEqual(
        [],
      );
    },
  );
});
