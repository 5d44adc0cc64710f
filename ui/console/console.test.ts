import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import { Chime } from "./attention/chime";
import { keptOrForgotten } from "./desk/surroundings";
import { Visit } from "./desk/visit.svelte";
import { fakeSurroundings, settled } from "./fake/around";
import { ANA, BEN, CARLA, OMAR, TESS } from "./fake/people";
import { FAKE_CODE, type FakeServer } from "./fake/server";
import { Navigation } from "./navigation.svelte";
import { Preferences } from "./preferences.svelte";

const forgetful = () =>
  keptOrForgotten(() => {
    throw new Error("nothing is kept between tests");
  });

async function seen(prepare: (server: FakeServer) => void = () => undefined, language = "en") {
  const parts = fakeSurroundings();
  prepare(parts.server);
  const visit = new Visit(parts.around);
  const navigation = new Navigation(() => undefined);
  const preferences = new Preferences(forgetful(), [language]);
  render(App, { visit, navigation, preferences, chime: new Chime() });
  await visit.start();
  const pass = async (millis = 300) => {
    await parts.clock.pass(millis);
    await settled();
  };
  await pass();
  const user = userEvent.setup();
  return { ...parts, visit, navigation, preferences, user, pass };
}

async function complaints(): Promise<string[]> {
  const rules = { "color-contrast": { enabled: false }, region: { enabled: false } };
  const { violations } = await axe.run(document.body, { rules });
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
}

const row = (subject: string) => screen.getByRole("link", { name: new RegExp(subject) });
const composer = () => screen.getByTestId<HTMLTextAreaElement>("composer");

// jsdom lays nothing out.
beforeEach(() => {
  Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, value: 600 });
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, value: 1000 });
});
afterEach(cleanup);

describe("signing in", () => {
  it("goes from address to code to authenticator with the keyboard alone", async () => {
    const { user, pass } = await seen((server) => (server.signedIn = false));
    expect(await complaints()).toEqual([]);
    await waitFor(() =>
      expect(screen.getByLabelText("Work e-mail")).toHaveProperty(
        "ownerDocument.activeElement",
        screen.getByLabelText("Work e-mail"),
      ),
    );
    await user.keyboard("tess.berg@deskbell.example{Enter}");
    await screen.findByLabelText("Six-digit code");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Six-digit code")));
    await user.keyboard(`000000{Enter}`);
    await screen.findByText("4 tries left.");
    await user.keyboard(`${FAKE_CODE}{Enter}`);
    await screen.findByLabelText("Authenticator code");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Authenticator code")));
    await user.keyboard(`${FAKE_CODE}{Enter}`);
    await waitFor(async () => (await pass(), screen.getByText("Nobody is waiting")));
  });

  it("says what is wrong with an address before anything is sent", async () => {
    const { user, server } = await seen((one) => (one.signedIn = false));
    await user.type(screen.getByLabelText("Work e-mail"), "tess{Enter}");
    await screen.findByText("Enter a whole e-mail address, like name@company.com.");
    expect(server.heard).not.toContain("POST /v1/sign-in");
  });

  it("is asked again when the session ends, and what was typed is still there", async () => {
    const { user, server, navigation, pass } = await seen(
      (one) => void one.assign(one.ask(ANA, "VPN drops").id, TESS),
    );
    navigation.open([...server.conversations.keys()][0] ?? "");
    await pass();
    await user.type(composer(), "Which network");
    server.endSession(4401);
    await pass();
    await screen.findByText("You were signed out because it has been a while.");
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await user.type(await screen.findByLabelText("Six-digit code"), `${FAKE_CODE}{Enter}`);
    await user.type(await screen.findByLabelText("Authenticator code"), `${FAKE_CODE}{Enter}`);
    await pass();
    expect(composer().value).toBe("Which network");
  });
});

describe("the list", () => {
  it("shows who is waiting, in words and not by colour alone", async () => {
    await seen((server) => void server.ask(ANA, "The printer jams"));
    const entry = within(row("The printer jams"));
    entry.getByText("Unassigned");
    entry.getByText("T-1001");
    entry.getByText("1 unread message");
    expect(await complaints()).toEqual([]);
  });

  it("names who has a conversation, and who closed it", async () => {
    const { user, pass } = await seen((server) => {
      server.assign(server.ask(ANA, "VPN drops").id, OMAR);
      server.close(server.ask(BEN, "Badge").id, OMAR);
    });
    await user.click(screen.getByRole("button", { name: /All open/ }));
    await pass();
    within(row("VPN drops")).getByText("Omar Haddad");
    await user.click(screen.getByRole("button", { name: /^Closed/ }));
    await pass();
    within(row("Badge")).getByText("Closed by Omar Haddad");
  });

  it("finds by text, and says when there is nothing", async () => {
    const { user, pass } = await seen((server) => {
      server.ask(ANA, "The printer jams");
      server.ask(CARLA, "VPN drops");
    });
    await user.type(screen.getByRole("searchbox"), "vpn");
    await pass();
    row("VPN drops");
    expect(screen.queryByRole("link", { name: /printer/ })).toBeNull();
    await user.type(screen.getByRole("searchbox"), " xyz");
    await pass();
    screen.getByText("Nothing found");
  });

  it("draws only what is seen of ten thousand", async () => {
    await seen((server) => {
      for (let number = 0; number < 10_000; number += 1)
        server.ask(ANA, `request ${number}`, server.now() - number);
    });
    const rows = screen.getAllByRole("link", { name: /request/ });
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.length).toBeLessThan(40);
  });

  it("is walked with J and K, and a row that goes leaves the focus with its neighbour", async () => {
    const { user, server, pass } = await seen((one) => {
      one.ask(ANA, "first", one.now() - 3000);
      one.ask(ANA, "second", one.now() - 2000);
      one.ask(ANA, "third", one.now() - 1000);
    });
    await user.keyboard("j");
    expect(document.activeElement).toBe(row("third"));
    await user.keyboard("j");
    expect(document.activeElement).toBe(row("second"));
    const id = row("second").dataset.id ?? "";
    server.assign(id, OMAR);
    await pass();
    await waitFor(() => expect(document.activeElement).toBe(row("first")));
    await user.keyboard("k");
    expect(document.activeElement).toBe(row("third"));
  });
});

describe("a conversation that is open", () => {
  it("stays in its list when it is taken, and goes where it belongs when another is opened", async () => {
    const { user, server, navigation, pass } = await seen((one) => {
      one.ask(ANA, "first", one.now() - 3000);
      one.ask(BEN, "second", one.now() - 2000);
    });
    const [first = "", second = ""] = [...server.conversations.keys()];
    navigation.open(first);
    await pass();
    await user.click(screen.getByTestId("take"));
    await pass();
    within(row("first")).getByText("Mine");
    navigation.open(second);
    await pass();
    expect(screen.queryByRole("link", { name: /first/ })).toBeNull();
  });
});

describe("a new request", () => {
  it("appears in the list and as a card that opens it", async () => {
    const { user, server, navigation, pass } = await seen();
    const { id } = server.ask(BEN, "Badge printer prints half a card");
    await pass();
    row("Badge printer prints half a card");
    const cards = within(screen.getByRole("region", { name: "New messages and requests" }));
    await user.click(cards.getByRole("button", { name: /New request/ }));
    expect(navigation.conversation).toBe(id);
    await pass();
    expect(cards.queryByRole("button", { name: /New request/ })).toBeNull();
    expect(document.title).toBe("(1) Deskbell console");
  });
});

describe("a conversation", () => {
  async function opened(prepare: (server: FakeServer, id: string) => void = () => undefined) {
    const all = await seen((server) => prepare(server, server.ask(ANA, "Outlook asks for my password").id));
    const id = [...all.server.conversations.keys()][0] ?? "";
    all.navigation.open(id);
    await all.pass();
    return { ...all, id };
  }

  it("shows number, requester, organization, device, age and state", async () => {
    await opened();
    const main = within(screen.getByRole("main"));
    main.getByRole("heading", { level: 1, name: "Outlook asks for my password" });
    for (const text of ["T-1001", "HF-LT-0142", "ThinkPad T14 Gen 5", "PF4X9K2M", "Unassigned"]) {
      expect(main.getAllByText(text).length).toBeGreaterThan(0);
    }
    expect(main.getAllByText("Ana Silva · Harbour & Finch").length).toBe(2);
    main.getByText("Asked now");
    expect(await complaints()).toEqual([]);
  });

  it("cannot be written in before it is taken, and says so", async () => {
    const { user, pass } = await opened();
    screen.getByText("Take this conversation to write in it.");
    expect(screen.queryByTestId("composer")).toBeNull();
    await user.keyboard("t");
    await pass();
    composer();
  });

  it("that a colleague took first names the colleague", async () => {
    const { user, server, id, pass } = await opened();
    server.sockets.length = 0;
    server.assign(id, OMAR);
    await user.click(screen.getByTestId("take"));
    await pass();
    await screen.findByText("Omar Haddad was faster and has this conversation now.");
    screen.getByText("Omar Haddad has this conversation. Only who has it can write in it.");
  });

  it("sends a reply to the requester and a note to technicians only, and never mixes them up", async () => {
    const { user, server, id, pass } = await opened((one, id) => void one.assign(id, TESS));
    screen.getByText("Ana Silva will see this");
    await user.type(composer(), "Good morning{Enter}");
    await pass();
    await user.click(screen.getByTestId("mode-note"));
    screen.getByText("Only technicians see this. Ana Silva will not.");
    expect(composer().getAttribute("aria-label")).toBe("Write a note for technicians");
    await user.type(composer(), "Ask Omar");
    expect(await complaints()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Save note" }));
    await pass();
    expect(
      server.messages
        .get(id)
        ?.slice(-2)
        .map((line) => [line.kind, line.body]),
    ).toEqual([
      ["message", "Good morning"],
      ["note", "Ask Omar"],
    ]);
    const bubble = screen.getAllByTestId("message").find((one) => one.textContent?.includes("Ask Omar"));
    within(bubble as HTMLElement).getByText("Private note");
  });

  it("keeps what is typed when another one is looked at", async () => {
    const { user, server, navigation, id, pass } = await opened((one, id) => void one.assign(id, TESS));
    const other = server.assign(server.ask(BEN, "Badge").id, TESS);
    await user.type(composer(), "half a sen");
    navigation.open(other.id);
    await pass();
    expect(composer().value).toBe("");
    navigation.open(id);
    await pass();
    expect(composer().value).toBe("half a sen");
  });

  it("shows who types, who else looks, and the line above what is new", async () => {
    const { server, id, pass } = await opened((one, id) => void one.assign(id, TESS));
    server.typing(id, ANA.person);
    server.viewing(id, [TESS, OMAR]);
    server.write(id, ANA.person, "Hello?");
    server.typing(id, ANA.person);
    await pass();
    screen.getByText("Ana Silva is typing…");
    screen.getByText("Omar Haddad is looking too");
    screen.getByTestId("new-divider");
  });

  it("marks what did not go out, and what was refused can be tried again or discarded", async () => {
    const { user, server, id, pass } = await opened((one, id) => void one.assign(id, TESS));
    server.down = true;
    await user.type(composer(), "Are you there?{Enter}");
    await pass();
    expect(screen.getAllByTestId("message").at(-1)?.dataset.delivery).toBe("waiting");
    server.down = false;
    server.sockets.length = 0;
    server.assign(id, OMAR);
    await pass(30_000);
    await screen.findByText(/Only who has taken this conversation can do that/);
    await user.click(screen.getByRole("button", { name: "Discard" }));
    expect(screen.queryByText("Are you there?")).toBeNull();
  });

  it("is given to somebody with a note, with what was written before in sight", async () => {
    const { user, server, id, pass } = await opened();
    await user.click(screen.getByTestId("assign"));
    const dialog = within(await screen.findByRole("dialog", { name: "Assign this conversation" }));
    await pass();
    dialog.getByText("Outlook asks for my password");
    expect(await complaints()).toEqual([]);
    await user.click(dialog.getByRole("radio", { name: /Omar Haddad/ }));
    await user.type(dialog.getByLabelText(/Private note for them/), "You know this one");
    await user.click(dialog.getByRole("button", { name: "Assign" }));
    await pass();
    expect(server.conversations.get(id)?.assignee).toEqual(OMAR);
    expect(server.messages.get(id)?.at(-1)).toMatchObject({ kind: "note", body: "You know this one" });
  });

  it("is closed only after asking, and can only be read then", async () => {
    const { user, pass } = await opened((one, id) => void one.assign(id, TESS));
    await user.click(screen.getByTestId("close"));
    const dialog = within(await screen.findByRole("dialog", { name: "Close this conversation?" }));
    await user.click(dialog.getByRole("button", { name: "Close the conversation" }));
    await pass();
    screen.getByText("This conversation is closed and can only be read.");
    expect(screen.queryByTestId("composer")).toBeNull();
    expect(screen.getAllByText("Closed by Tess Berg").length).toBeGreaterThan(1);
  });

  it("of a colleague's cannot be closed", async () => {
    await opened((one, id) => void one.assign(id, OMAR));
    expect(screen.queryByTestId("close")).toBeNull();
  });

  it("that does not exist says so", async () => {
    const { navigation, pass } = await opened();
    navigation.follow("#/conversation/00000000-0000-7000-8000-000000000000");
    await pass();
    screen.getByText("This conversation is not there");
  });

  it("shows a hostile name without what turns or hides it", async () => {
    const hostile = { ...ANA, person: { ...ANA.person, name: "Ana\u202e avliS" } };
    const { server, navigation, pass } = await seen((one) => void one.ask(hostile, "Subject\u202etxt.exe"));
    navigation.open([...server.conversations.keys()][0] ?? "");
    await pass();
    expect(document.body.textContent).not.toMatch(/\u202e/u);
  });
});

describe("the rest", () => {
  it("speaks German", async () => {
    await seen((server) => void server.ask(ANA, "Drucker"), "de");
    screen.getByRole("heading", { name: "Nicht zugewiesen" });
    expect(document.documentElement.lang).toBe("de");
  });

  it("lists the keys on a question mark, and gives the focus back", async () => {
    const { user } = await seen((server) => void server.ask(ANA, "VPN"));
    await user.keyboard("j?");
    await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    expect(await complaints()).toEqual([]);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement).toBe(row("VPN")));
  });

  it("says when the server is not heard, and what that means", async () => {
    const { server, pass } = await seen();
    server.down = true;
    server.cut();
    await pass(4_000);
    screen.getByText("No connection to the server");
    screen.getByRole("button", { name: "Connect now" });
  });

  it("lists where one is signed in", async () => {
    const { user, pass } = await seen();
    await user.click(screen.getByRole("button", { name: /Tess Berg/ }));
    await user.click(await screen.findByText("Where you are signed in…"));
    await pass();
    await screen.findByText("This session");
    await user.click(screen.getByRole("button", { name: "End the session of Firefox 143 on Windows" }));
    await pass();
    expect(screen.queryByText("Firefox 143 on Windows")).toBeNull();
  });
});
