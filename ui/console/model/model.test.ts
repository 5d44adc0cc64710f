import { describe, expect, it } from "vitest";
import type { Conversation, ConversationItem, Event, Message } from "$shared/types/protocol";
import { fakeSurroundings } from "../fake/around";
import { ANA, BEN, fakeId, HARBOUR, OMAR, TESS } from "../fake/people";
import { announcementOf } from "./announcement";
import { withAnnouncement, withConversation as cardsWith } from "./cards";
import { emptyChat, withEvent, withNewestPage, withOlderPage } from "./chat";
import { clientName } from "./client";
import { atMoment, NO_COMPANY, othersLooking, typistsIn, withAside } from "./company";
import { draftsFrom, draftsText, withDraft } from "./drafts";
import { withEvent as itemsWithEvent, withItems, withOnly } from "./items";
import { emptyList, withChange, withFirstPage, withNextPage } from "./list";
import {
  nextToSend,
  outboxFrom,
  outboxText,
  withRefused,
  withRetry,
  withWritten,
  type Unsent,
} from "./outbox";
import { belongs, queryParams } from "./query";
import { hashOf, routeOf } from "./route";
import { mayClose, mayTake, mayWrite, standingOf } from "./standing";
import { isUuid, uuidV7 } from "./uuid";

const { server } = fakeSurroundings();
const asked = (): Conversation => server.ask(ANA, "The printer on floor 3 jams");
const itemOf = (conversation: Conversation, more: Partial<ConversationItem> = {}): ConversationItem => ({
  conversation,
  unread_count: 0,
  read_seq: 0,
  preview: null,
  ...more,
});
const line = (seq: number, more: Partial<Message> = {}): Message => ({
  id: fakeId("l", seq),
  conversation_id: fakeId("c", 1),
  seq,
  kind: "message",
  author: ANA.person,
  body: `line ${seq}`,
  update: null,
  created_at: new Date(1_800_000_000_000 + seq * 1000).toISOString(),
  received_at: null,
  read_at: null,
  ...more,
});
const created = (message: Message): Event => ({ type: "message_created", message });

describe("where a conversation stands", () => {
  it("is unassigned, assigned with a name, or closed with who closed it", () => {
    const conversation = asked();
    expect(standingOf(conversation, TESS.id)).toEqual({ kind: "unassigned" });
    const assigned: Conversation = { ...conversation, status: "waiting", assignee: OMAR };
    expect(standingOf(assigned, TESS.id)).toEqual({
      kind: "assigned",
      technician: OMAR,
      mine: false,
      waiting: true,
    });
    const closed: Conversation = { ...assigned, status: "closed", closed_by: OMAR };
    expect(standingOf(closed, TESS.id)).toEqual({ kind: "closed", by: OMAR });
  });

  it("lets nobody write before having it, and only its own or nobody's be closed", () => {
    const conversation = asked();
    const taken: Conversation = { ...conversation, status: "open", assignee: OMAR };
    expect([mayTake(conversation), mayWrite(conversation, TESS.id), mayClose(conversation, TESS.id)]).toEqual(
      [true, false, true],
    );
    expect([mayTake(taken), mayWrite(taken, TESS.id), mayClose(taken, TESS.id)]).toEqual([
      false,
      false,
      false,
    ]);
    expect([mayWrite(taken, OMAR.id), mayClose(taken, OMAR.id)]).toEqual([true, true]);
    const closed: Conversation = { ...taken, status: "closed" };
    expect([mayTake(closed), mayWrite(closed, OMAR.id), mayClose(closed, OMAR.id)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe("a list", () => {
  const query = { section: "open" as const, organization: null, text: "" };
  const at = (number: number, time: string): Conversation => ({
    ...asked(),
    id: fakeId("z", number),
    last_activity_at: time,
  });
  const conversations = [
    at(3, "2026-11-21T09:03:00.000Z"),
    at(2, "2026-11-21T09:02:00.000Z"),
    at(1, "2026-11-21T09:01:00.000Z"),
  ];
  const items = withItems(
    {},
    conversations.map((one) => itemOf(one)),
  );
  const page = { items: conversations.map((one) => itemOf(one)), next: "more" };
  const list = withFirstPage(emptyList(query), page);

  it("asks the server for what it shows", () => {
    const mine = queryParams({ section: "mine", organization: HARBOUR.id, text: " jam " }, "x", 50);
    expect(mine.toString()).toBe(
      `limit=50&status=new%2Copen%2Cwaiting&assignee=me&organization=${HARBOUR.id}&text=jam&after=x`,
    );
    expect(queryParams({ ...query, section: "closed" }, null, 50).get("status")).toBe("closed");
  });

  it("moves up what has just changed", () => {
    const changed = { ...conversations[2], last_activity_at: "2026-11-21T09:09:00.000Z" } as Conversation;
    const now = withChange(list, withItems(items, [itemOf(changed)]), changed, TESS.id);
    expect(now.ids[0]).toBe(changed.id);
    expect(now.ids.length).toBe(3);
  });

  it("drops what belongs to it no more", () => {
    const closed = { ...conversations[1], status: "closed" } as Conversation;
    expect(withChange(list, withItems(items, [itemOf(closed)]), closed, TESS.id).ids).toEqual([
      fakeId("z", 3),
      fakeId("z", 1),
    ]);
  });

  it("leaves what is older than the loaded part to its page", () => {
    const old = at(0, "2026-11-20T09:00:00.000Z");
    expect(withChange(list, withItems(items, [itemOf(old)]), old, TESS.id).ids).not.toContain(old.id);
    const whole = { ...list, next: null };
    expect(withChange(whole, withItems(items, [itemOf(old)]), old, TESS.id).ids.at(-1)).toBe(old.id);
  });

  it("does not list twice what moved between two pages", () => {
    const next = withNextPage(list, { items: [itemOf(conversations[2] as Conversation)], next: null });
    expect(next.ids.length).toBe(3);
  });

  it("leaves it to the server which texts a search finds", () => {
    const conversation = asked();
    expect(belongs({ ...query, text: "toner" }, conversation, TESS.id)).toBeNull();
    expect(belongs({ ...query, section: "mine" }, conversation, TESS.id)).toBe(false);
  });
});

describe("unread counts", () => {
  const conversation = { ...asked(), id: fakeId("c", 1) };

  it("count what others wrote, not what I wrote, and no updates", () => {
    let items = withItems({}, [itemOf(conversation)]);
    items = itemsWithEvent(items, created(line(5)), TESS.id);
    items = itemsWithEvent(items, created(line(6, { author: TESS })), TESS.id);
    items = itemsWithEvent(items, created(line(7, { kind: "update", update: { type: "closed" } })), TESS.id);
    expect(items[conversation.id]?.unread_count).toBe(1);
    expect(items[conversation.id]?.preview?.text).toBe("line 6");
  });

  it("are not counted twice when the list was loaded after the message", () => {
    const loaded = itemOf(conversation, {
      unread_count: 1,
      preview: { author: ANA.person, text: "line 5", created_at: line(5).created_at },
    });
    const items = itemsWithEvent(withItems({}, [loaded]), created(line(5)), TESS.id);
    expect(items[conversation.id]?.unread_count).toBe(1);
  });

  it("follow what I read on another screen, not what a colleague read", () => {
    const items = withItems({}, [itemOf(conversation, { unread_count: 3 })]);
    const read: Event = {
      type: "read",
      conversation_id: conversation.id,
      account_id: OMAR.id,
      seq: 9,
      unread_count: 0,
    };
    expect(itemsWithEvent(items, read, TESS.id)[conversation.id]?.unread_count).toBe(3);
    expect(
      itemsWithEvent(items, { ...read, account_id: TESS.id }, TESS.id)[conversation.id]?.unread_count,
    ).toBe(0);
  });
});

describe("an answer that is older than an event", () => {
  const conversation = { ...asked(), id: fakeId("c", 1) };
  const later = { ...conversation, status: "closed" as const, last_activity_at: "2026-11-21T12:00:00.000Z" };

  it("does not undo it", () => {
    const known = withItems({}, [itemOf(later, { read_seq: 7, unread_count: 0 })]);
    expect(withItems(known, [itemOf(conversation)])[conversation.id]?.conversation.status).toBe("closed");
    const unread = withItems(known, [itemOf(later, { read_seq: 3, unread_count: 2 })]);
    expect(unread[conversation.id]).toMatchObject({ read_seq: 7, unread_count: 0 });
  });

  it("is believed when everything is loaded anew and nothing has happened since: the server was restored", () => {
    const known = withItems({}, [itemOf(later)]);
    expect(withItems(known, [itemOf(conversation)], known)[conversation.id]?.conversation.status).toBe("new");
    expect(withOnly(known, [], known)).toEqual({});
    expect(withOnly(known, [conversation.id], known)).toEqual(known);
  });
});

describe("a chat", () => {
  it("that is loaded anew keeps what came meanwhile, and no lines with a hole behind them", () => {
    const before = { ...emptyChat(fakeId("c", 1)), lines: [line(1), line(2)], loaded: true };
    const meanwhile = withEvent(before, created(line(90)));
    const page = { items: [line(88), line(89)], next: "88" };
    const chat = withNewestPage(meanwhile, page, 0, TESS.id, before.lines);
    expect(chat.lines.map((one) => one.seq)).toEqual([88, 89, 90]);
    expect(chat.before).toBe(88);
  });

  const empty = emptyChat(fakeId("c", 1));

  it("puts lines in order of their numbers, and each once", () => {
    const chat = [7, 5, 6, 5].reduce((state, seq) => withEvent(state, created(line(seq))), empty);
    expect(chat.lines.map((one) => one.seq)).toEqual([5, 6, 7]);
  });

  it("keeps lines that came while the page was on its way", () => {
    const ahead = withEvent(empty, created(line(8)));
    const chat = withNewestPage(ahead, { items: [line(6), line(7)], next: "6" }, 6, TESS.id);
    expect(chat.lines.map((one) => one.seq)).toEqual([6, 7, 8]);
    expect(chat.before).toBe(6);
    expect(chat.firstUnread).toBe(line(7).id);
    expect(withOlderPage(chat, { items: [line(4), line(5)], next: null }).lines[0]?.seq).toBe(4);
  });

  it("ticks what technicians wrote to the requester, never notes or the requester's own", () => {
    const note = line(6, { author: TESS, kind: "note" });
    const lines = [line(4), line(5, { author: TESS }), note, line(7, { author: OMAR })];
    const chat = { ...empty, lines };
    const receipt: Event = {
      type: "receipt",
      conversation_id: chat.id,
      state: "read",
      seq: 6,
      at: "2026-11-21T10:00:00.000Z",
    };
    expect(withEvent(chat, receipt).lines.map((one) => one.read_at !== null)).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });
});

describe("the outbox", () => {
  const unsent = (number: number): Unsent => ({
    id: fakeId("u", number),
    conversationId: fakeId("c", 1),
    kind: "message",
    body: "hello",
    createdAt: "2026-11-21T09:00:00.000Z",
    failed: null,
  });
  const two = withWritten(withWritten([], unsent(1)), unsent(2));

  it("goes on behind one that was refused, which can be tried again", () => {
    const refused = withRefused(two, unsent(1).id, "not_assigned");
    expect(nextToSend(refused)?.id).toBe(unsent(2).id);
    expect(nextToSend(withRetry(refused, unsent(1).id))?.id).toBe(unsent(1).id);
  });

  it("survives a reload of the tab, but not for somebody else", () => {
    expect(outboxFrom(outboxText(TESS.id, two), TESS.id)).toEqual(two);
    expect(outboxFrom(outboxText(TESS.id, two), OMAR.id)).toEqual([]);
    expect(outboxFrom('{"owner":"x","outbox":[{}]}', "x")).toEqual([]);
    expect(outboxFrom("{", TESS.id)).toEqual([]);
  });
});

describe("what is announced", () => {
  const conversation = { ...asked(), id: fakeId("c", 1) };
  const around = { me: TESS.id, looking: null, liveSince: 0 };
  const decide = (message: Message, one: Conversation = conversation, where = around) =>
    announcementOf(created(message), one, where);

  it("is a new request, to everybody", () => {
    const first = line(1, { id: conversation.id });
    expect(decide(first)).toMatchObject({ announce: { kind: "new_request" } });
  });

  it("is a message in what is mine or nobody's, not in a colleague's", () => {
    expect(decide(line(2))).toMatchObject({ announce: { kind: "message" } });
    expect(decide(line(2), { ...conversation, assignee: TESS })).toMatchObject({
      announce: { kind: "message" },
    });
    expect(decide(line(2), { ...conversation, assignee: OMAR })).toEqual({ silence: "not_mine" });
  });

  it("is being assigned by somebody else", () => {
    const update = line(3, { kind: "update", author: OMAR, update: { type: "assigned", technician: TESS } });
    expect(decide(update)).toMatchObject({ announce: { kind: "assigned_to_me", by: "Omar Haddad" } });
    expect(decide({ ...update, author: TESS })).toEqual({ silence: "own_doing" });
  });

  it("is nothing that is being looked at, and nothing that was only missed", () => {
    expect(decide(line(2), conversation, { ...around, looking: conversation.id as never })).toEqual({
      silence: "being_looked_at",
    });
    expect(decide(line(2), conversation, { ...around, liveSince: Infinity })).toEqual({
      silence: "caught_up",
    });
  });
});

describe("cards in the corner", () => {
  it("stand one for each conversation, and go when somebody has the request", () => {
    const conversation = asked();
    const request = { kind: "new_request" as const, conversation };
    const message = { kind: "message" as const, conversation, message: line(2) };
    const cards = withAnnouncement(withAnnouncement([], request, 0), message, 0);
    expect(cards).toMatchObject([{ count: 2, until: null, announcement: { kind: "new_request" } }]);
    expect(cardsWith(cards, { ...conversation, status: "open", assignee: OMAR })).toEqual([]);
  });
});

describe("company", () => {
  it("types for six seconds after the last sign of it", () => {
    const typing = { type: "typing" as const, conversation_id: fakeId("c", 1), person: BEN.person };
    const company = withAside(NO_COMPANY, typing, 1_000);
    expect(typistsIn(atMoment(company, 6_999), typing.conversation_id)).toEqual([BEN.person]);
    expect(typistsIn(atMoment(company, 7_000), typing.conversation_id)).toEqual([]);
  });

  it("looks without counting me", () => {
    const company = withAside(
      NO_COMPANY,
      { type: "viewing", conversation_id: fakeId("c", 1), technicians: [TESS, OMAR] },
      0,
    );
    expect(othersLooking(company, fakeId("c", 1), TESS.id)).toEqual([OMAR]);
  });
});

describe("small things", () => {
  it("a browser is called what people call it", () => {
    const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
    expect(clientName(`${windows} Gecko/20100101 Firefox/143.0`)).toBe("Firefox, Windows");
    const chrome = `${windows} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36`;
    expect([clientName(chrome), clientName(`${chrome} Edg/140.0`)]).toEqual([
      "Chrome, Windows",
      "Edge, Windows",
    ]);
    expect(clientName("deskbell/0.1.0")).toBe("deskbell/0.1.0");
  });

  it("drafts keep whether they were a note", () => {
    const drafts = withDraft({}, fakeId("c", 1), { mode: "note", text: "ask Omar" });
    expect(draftsFrom(draftsText(TESS.id, drafts), TESS.id)).toEqual(drafts);
    expect(withDraft(drafts, fakeId("c", 1), { mode: "message", text: "" })).toEqual({});
    expect(draftsFrom(draftsText(TESS.id, drafts), OMAR.id)).toEqual({});
  });

  it("a link names a conversation or a section, and nothing else", () => {
    const id = fakeId("c", 1);
    expect(routeOf(`#/conversation/${id}`)).toEqual({ at: "conversation", id });
    expect(routeOf(hashOf({ at: "section", section: "mine" }))).toEqual({ at: "section", section: "mine" });
    for (const bad of ["", "#/conversation/../x", "#/conversation/javascript:1", "#/nowhere"]) {
      expect(routeOf(bad)).toEqual({ at: "start" });
    }
  });

  it("ids are UUIDv7 and grow with time", () => {
    const random = new Uint8Array(10).fill(0xff);
    const first = uuidV7(1_800_000_000_000, random);
    expect(isUuid(first)).toBe(true);
    expect(first[14]).toBe("7");
    expect("89ab").toContain(first[19]);
    expect(first < uuidV7(1_800_000_000_001, random)).toBe(true);
  });
});
