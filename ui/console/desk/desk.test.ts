import { describe, expect, it } from "vitest";
import { fakeSurroundings } from "../fake/around";
import { ANA, BEN, OMAR, TESS } from "../fake/people";
import { FAKE_CODE } from "../fake/server";
import { Visit } from "./visit.svelte";

async function atWork(
  prepare: (server: ReturnType<typeof fakeSurroundings>["server"]) => void = () => undefined,
) {
  const parts = fakeSurroundings();
  prepare(parts.server);
  const visit = new Visit(parts.around);
  await visit.start();
  await parts.clock.pass(100);
  const desk = visit.desk;
  if (!desk) throw new Error("nobody is signed in");
  return { ...parts, visit, desk };
}

describe("signing in", () => {
  it("asks for address, code and authenticator, one after the other", async () => {
    const { server, around, clock } = fakeSurroundings();
    server.signedIn = false;
    const visit = new Visit(around);
    await visit.start();
    expect(visit.phase).toEqual({ at: "signed_out", reason: null });
    visit.email = " tess.berg@deskbell.example ";
    await visit.submitEmail();
    expect(visit.step.at).toBe("code");
    await visit.submitCode("000000");
    expect(visit.trouble).toMatchObject({ failure: { code: "code_invalid", attemptsLeft: 4 } });
    await visit.submitCode("123 456");
    expect(visit.step.at).toBe("second_factor");
    await visit.submitSecondFactor(FAKE_CODE);
    await clock.pass(100);
    expect(visit.phase).toEqual({ at: "signed_in" });
    expect(visit.desk?.connection.state).toBe("live");
  });

  it("says when the server is not heard, and starts again on wish", async () => {
    const { server, around } = fakeSurroundings();
    server.down = true;
    const visit = new Visit(around);
    await visit.start();
    expect(visit.phase).toEqual({ at: "unreachable", code: "unreachable" });
    server.down = false;
    await visit.start();
    expect(visit.phase.at).toBe("signed_in");
  });

  it("again after the session ended finds everything as it was left", async () => {
    const { server, clock, visit, desk } = await atWork();
    const { id } = server.ask(ANA, "VPN");
    desk.writing.set(id, { mode: "message", text: "Have you tried" });
    server.endSession(4401);
    await clock.pass(1_000);
    expect(visit.phase).toEqual({ at: "signed_out", reason: "session_expired" });
    await visit.submitEmail();
    await visit.submitCode(FAKE_CODE);
    await visit.submitSecondFactor(FAKE_CODE);
    await clock.pass(1_000);
    expect(visit.phase.at).toBe("signed_in");
    expect(visit.desk).toBe(desk);
    expect(desk.writing.in(id).text).toBe("Have you tried");
    expect(desk.connection.state).toBe("live");
  });
});

describe("a new request", () => {
  it("appears at once, with a card, and is announced", async () => {
    const { server, clock, desk, announced } = await atWork();
    const { id } = server.ask(ANA, "The printer on floor 3 jams");
    await clock.pass(0);
    expect(desk.lists.unassigned.ids).toEqual([id]);
    expect(desk.lists.items[id]?.unread_count).toBe(1);
    expect(desk.attention.cards).toMatchObject([
      { conversationId: id, announcement: { kind: "new_request" } },
    ]);
    expect(announced.map((one) => one.kind)).toEqual(["new_request"]);
  });

  it("that came while the server was not heard is told as missed, not as a burst", async () => {
    const { server, clock, desk, announced } = await atWork();
    server.down = true;
    server.cut();
    await clock.pass(10);
    expect(desk.connection.state).toBe("lost");
    server.ask(ANA, "one");
    server.ask(BEN, "two");
    await clock.pass(5_000);
    server.down = false;
    await clock.pass(31_000);
    expect(desk.lists.unassigned.ids.length).toBe(2);
    expect(announced).toEqual([]);
    expect(desk.attention.missed).toMatchObject({ messages: 2 });
  });
});

describe("taking", () => {
  it("makes it mine", async () => {
    const { server, clock, desk } = await atWork();
    const { id } = server.ask(ANA, "VPN");
    await clock.pass(0);
    await desk.actions.take(id);
    await clock.pass(0);
    expect(desk.lists.mine.ids).toEqual([id]);
    expect(desk.lists.unassigned.ids).toEqual([]);
  });

  it("second tells who was first", async () => {
    const { server, clock, desk } = await atWork();
    const { id } = server.ask(ANA, "VPN");
    await clock.pass(0);
    server.assign(id, OMAR);
    expect(await desk.actions.take(id)).toBe(false);
    await clock.pass(0);
    expect(desk.actions.refusal).toMatchObject({
      action: "take",
      failure: { code: "already_assigned", assignee: OMAR },
    });
    expect(desk.lists.items[id]?.conversation.assignee).toEqual(OMAR);
  });
});

describe("a chat that is open", () => {
  async function chatting() {
    const all = await atWork((server) => {
      server.assign(server.ask(ANA, "VPN").id, TESS);
    });
    const id = all.desk.lists.mine.ids[0] as string;
    await all.desk.openChat(id);
    await all.clock.pass(0);
    return { ...all, id };
  }

  it("is marked read only while it is looked at", async () => {
    const { server, clock, desk, id } = await chatting();
    await clock.pass(1_000);
    expect(desk.lists.items[id]?.unread_count).toBe(1);
    desk.look(true, true);
    await clock.pass(1_000);
    expect(desk.lists.items[id]?.unread_count).toBe(0);
    desk.look(true, false);
    const later = server.write(id, ANA.person, "any news?");
    await clock.pass(1_000);
    expect(desk.lists.items[id]?.unread_count).toBe(1);
    expect(desk.chat.state?.firstUnread).toBe(later.id);
  });

  it("sends what was written once, even when the answer gets lost", async () => {
    const { server, clock, desk, id } = await chatting();
    server.loseAnswersTo = "/messages";
    server.sockets.length = 0;
    desk.send(id, "message", "Restart it, please.");
    await clock.pass(60_000);
    expect(desk.sender.outbox.length).toBe(1);
    server.loseAnswersTo = null;
    await clock.pass(60_000);
    expect(desk.sender.outbox).toEqual([]);
    const bodies = server.messages.get(id)?.map((line) => line.body);
    expect(bodies?.filter((body) => body === "Restart it, please.").length).toBe(1);
  });

  it("keeps what was written offline and sends it in order later", async () => {
    const { server, clock, desk, id } = await chatting();
    server.down = true;
    server.cut();
    ["one", "two", "three"].forEach((text) => desk.send(id, "message", text));
    await clock.pass(10_000);
    expect(desk.sender.outbox.map((unsent) => unsent.body)).toEqual(["one", "two", "three"]);
    server.down = false;
    await clock.pass(90_000);
    expect(desk.chat.state?.lines.slice(-3).map((line) => line.body)).toEqual(["one", "two", "three"]);
    expect(desk.sender.outbox).toEqual([]);
  });

  it("says so when the server refuses a reply, and sends those behind it", async () => {
    const { server, clock, desk, id } = await chatting();
    const other = server.assign(server.ask(BEN, "Monitor").id, TESS);
    await clock.pass(0);
    server.assign(id, OMAR);
    desk.send(id, "message", "too late");
    desk.send(other.id, "message", "in time");
    await clock.pass(1_000);
    expect(desk.sender.outbox).toMatchObject([{ body: "too late", failed: "not_assigned" }]);
    expect(server.messages.get(other.id)?.at(-1)?.body).toBe("in time");
  });

  it("shows older lines on wish", async () => {
    const { server, clock, desk, id } = await chatting();
    for (let number = 0; number < 120; number += 1) server.write(id, ANA.person, `line ${number}`);
    await clock.pass(0);
    desk.closeChat();
    await desk.openChat(id);
    await clock.pass(0);
    expect(desk.chat.state?.lines.length).toBe(50);
    await desk.chat.older();
    await desk.chat.older();
    expect(desk.chat.state?.lines.length).toBe(123);
    expect(desk.chat.state?.before).toBeNull();
  });

  it("tells others that it is looked at, and the requester that one types", async () => {
    const { server, clock, desk, id } = await chatting();
    await clock.pass(5_000);
    desk.typing(id);
    desk.typing(id);
    const sent = server.sockets[0]?.sent ?? [];
    expect(sent.filter((frame) => frame.type === "typing")).toEqual([
      { type: "typing", conversation_id: id },
    ]);
    expect(sent.findLast((frame) => frame.type === "viewing")).toEqual({
      type: "viewing",
      conversation_id: id,
    });
    desk.look(false, false);
    expect(sent.at(-1)).toEqual({ type: "viewing", conversation_id: null });
  });
});

describe("a list that arrives late", () => {
  it("neither loses a request that came meanwhile nor brings back what is over", async () => {
    const { server, clock, desk } = await atWork();
    const { id: old } = server.ask(ANA, "VPN");
    await clock.pass(0);
    let arrive: () => void = () => undefined;
    server.late = new Promise((resolve) => (arrive = resolve));
    const reload = desk.lists.reload();
    await clock.pass(0);
    server.late = null;
    const { id: fresh } = server.ask(BEN, "Badge", clock.now + 1);
    server.assign(old, OMAR, OMAR, clock.now + 2);
    await clock.pass(10);
    arrive();
    await reload;
    await clock.pass(0);
    expect(desk.lists.unassigned.ids).toEqual([fresh]);
    expect(desk.lists.shown.ids).toEqual([fresh]);
    expect(desk.lists.items[old]?.conversation.assignee).toEqual(OMAR);
  });
});

describe("with ten thousand conversations", () => {
  it("loads a page at a time and knows what is unread", async () => {
    const { clock, desk } = await atWork((server) => {
      for (let number = 0; number < 10_000; number += 1)
        server.ask(ANA, `request ${number}`, server.now() - number * 1000);
    });
    await clock.pass(100);
    expect(desk.lists.shown.ids.length).toBe(50);
    await desk.lists.more();
    expect(desk.lists.shown.ids.length).toBe(100);
    expect(desk.lists.unreadIn(desk.lists.unassigned)).toBe(200);
  });
});
