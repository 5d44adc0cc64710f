import { describe, expect, it } from "vitest";
import type { ServerFrame } from "$shared/types/protocol";
import { SetClock } from "../fake/around";
import { FakeSocket } from "../fake/socket";
import { backoffMillis } from "./backoff";
import { Feed } from "./feed";

const hello = (cursor: string): ServerFrame => ({
  type: "hello",
  cursor,
  server_time: "2026-11-21T09:00:00.000Z",
});
const event = (seq: number): ServerFrame => ({
  type: "event",
  seq,
  cursor: `1:${seq}`,
  event: { type: "me_changed" },
});

function listening() {
  const clock = new SetClock();
  const sockets: FakeSocket[] = [];
  const told: string[] = [];
  const openSocket = () => {
    const socket = new FakeSocket(() => undefined);
    sockets.push(socket);
    socket.opened();
    return socket;
  };
  const feed = new Feed(
    { openSocket, now: () => clock.now, after: clock.after, chance: () => 0.5 },
    {
      live: (resync) => told.push(resync ? "live anew" : "live"),
      event: (frame) => told.push(`event ${frame.seq}`),
      aside: (frame) => told.push(frame.type),
      lost: () => told.push("lost"),
      signedOut: (reason) => told.push(reason),
    },
  );
  const last = () => sockets.at(-1) as FakeSocket;
  return { clock, sockets, told, feed, last };
}

describe("the feed", () => {
  it("says hello first, and is live once greeted", async () => {
    const { clock, told, feed, last } = listening();
    feed.connect();
    await clock.pass(0);
    expect(last().sent).toEqual([{ type: "hello", cursor: null }]);
    last().receive(hello("1:4"));
    await clock.pass(0);
    expect(told).toEqual(["live anew"]);
  });

  it("applies each event once and in order, whatever comes twice", async () => {
    const { clock, told, feed, last } = listening();
    feed.connect();
    [hello("1:4"), event(5), event(5), event(6), event(5)].forEach((frame) => last().receive(frame));
    await clock.pass(0);
    expect(told).toEqual(["live anew", "event 5", "event 6"]);
  });

  it("asks again from the last good place when one is missing", async () => {
    const { clock, told, feed, last } = listening();
    feed.connect();
    [hello("1:4"), event(5), event(7)].forEach((frame) => last().receive(frame));
    await clock.pass(0);
    expect(last().sent[0]).toEqual({ type: "hello", cursor: "1:5" });
    [hello("1:5"), event(6), event(7)].forEach((frame) => last().receive(frame));
    await clock.pass(0);
    expect(told).toEqual(["live anew", "event 5", "live", "event 6", "event 7"]);
  });

  it("loads everything anew when the gap stays", async () => {
    const { clock, told, feed, last } = listening();
    feed.connect();
    [hello("1:4"), event(5), event(7)].forEach((frame) => last().receive(frame));
    await clock.pass(0);
    [hello("1:5"), event(7)].forEach((frame) => last().receive(frame));
    await clock.pass(0);
    expect(last().sent[0]).toEqual({ type: "hello", cursor: null });
    last().receive(hello("1:9"));
    await clock.pass(0);
    expect(told.at(-1)).toBe("live anew");
  });

  it("loads everything anew when the server says so", async () => {
    const { clock, told, feed, last } = listening();
    feed.connect();
    last().receive(hello("1:4"));
    last().receive({ type: "resync", cursor: "2:0", server_time: "2026-11-21T09:00:00.000Z" });
    last().receive(event(1));
    await clock.pass(0);
    expect(told).toEqual(["live anew", "live anew", "event 1"]);
  });

  it("comes back for ever, resuming where it was", async () => {
    const { clock, sockets, told, feed, last } = listening();
    feed.connect();
    [hello("1:4"), event(5)].forEach((frame) => last().receive(frame));
    for (let round = 0; round < 20; round += 1) {
      last().fail(1006);
      await clock.pass(500);
      last().receive(hello("1:5"));
      await clock.pass(0);
    }
    expect(sockets.length).toBe(21);
    expect(last().sent[0]).toEqual({ type: "hello", cursor: "1:5" });
    expect(told.filter((word) => word === "lost").length).toBe(20);
  });

  it("gives up a connection that never greets", async () => {
    const { clock, sockets, feed } = listening();
    feed.connect();
    await clock.pass(11_000);
    expect(sockets.length).toBe(2);
  });

  it("stops when the session is over, and says why", async () => {
    const { clock, sockets, told, feed, last } = listening();
    feed.connect();
    last().fail(4403);
    await clock.pass(120_000);
    expect(told).toEqual(["session_ended"]);
    expect(sockets.length).toBe(1);
  });

  it("does not fight with another window that took its place", async () => {
    const { clock, sockets, feed, last } = listening();
    feed.connect();
    last().fail(4409);
    await clock.pass(29_000);
    expect(sockets.length).toBe(1);
    await clock.pass(2_000);
    expect(sockets.length).toBe(2);
  });

  it("tells how far it has come, once for a burst", async () => {
    const { clock, feed, last } = listening();
    feed.connect();
    [hello("1:4"), event(5), event(6)].forEach((frame) => last().receive(frame));
    await clock.pass(1_000);
    expect(last().sent.filter((frame) => frame.type === "received")).toEqual([{ type: "received", seq: 6 }]);
  });

  it("gives up a line that has gone dead without saying so", async () => {
    const { clock, sockets, told, feed, last } = listening();
    feed.connect();
    last().receive(hello("1:4"));
    const alive = () => last().receive({ type: "alive" });
    alive();
    await clock.pass(50_000);
    alive();
    await clock.pass(50_000);
    expect(sockets.length).toBe(1);
    await clock.pass(11_000);
    expect(sockets.length).toBe(2);
    expect(told).toEqual(["live anew", "lost"]);
  });

  it("makes a silent line anew when the person comes back, and leaves a lively one", async () => {
    const { clock, sockets, feed, last } = listening();
    feed.connect();
    last().receive(hello("1:4"));
    await clock.pass(30_000);
    feed.prove();
    expect(sockets.length).toBe(1);
    await clock.pass(30_000);
    feed.prove();
    await clock.pass(0);
    expect(sockets.length).toBe(2);
    expect(last().sent).toEqual([{ type: "hello", cursor: "1:4" }]);
  });

  it("ignores what it does not understand", async () => {
    const { clock, told, feed, last } = listening();
    feed.connect();
    last().onmessage?.({ data: "not json" });
    last().onmessage?.({ data: "null" });
    last().onmessage?.({ data: '{"type":"from_the_future"}' });
    await clock.pass(0);
    expect(told).toEqual([]);
  });
});

describe("waiting before the next try", () => {
  it("doubles its bound up to half a minute, with full jitter", () => {
    expect([1, 2, 3, 7, 50].map((failures) => backoffMillis(failures, 1))).toEqual([
      500, 1_000, 2_000, 30_000, 30_000,
    ]);
    expect(backoffMillis(7, 0)).toBe(0);
  });
});
