import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { backoff } from "./backoff";
import { LiveSocket } from "./socket";

class Fake {
  static made: Fake[] = [];
  readyState = 1;
  sent: { type: string; data: Record<string, unknown> }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor() {
    Fake.made.push(this);
  }

  send(text: string) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  tell(type: string, data: object = {}) {
    this.onmessage?.({ data: JSON.stringify({ type, data }) });
  }

  signIn() {
    this.onopen?.();
    this.tell("AUTH_SUCCESS", { seq: 1 });
  }
}

const last = () => Fake.made.at(-1) as Fake;

function make(seq: () => number | null = () => null) {
  const links: string[] = [];
  const frames: unknown[] = [];
  const onSignedOut = vi.fn();
  const socket = new LiveSocket(
    { url: "ws://x/ws", wallet: "W", open: () => new Fake() as unknown as WebSocket },
    {
      onFrame: (frame) => frames.push(frame),
      onLink: (link) => links.push(link),
      onHeard: () => undefined,
      onSignedOut,
      lastSeq: seq,
    },
  );
  socket.start();
  return { socket, links, frames, onSignedOut };
}

describe("the socket", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    Fake.made = [];
  });
  afterEach(() => vi.useRealTimers());

  it("signs in with the wallet alone: the cookie is the token", () => {
    const { links, frames } = make();
    last().signIn();
    expect(last().sent).toEqual([{ type: "AUTH", data: { wallet_address: "W" } }]);
    expect(links).toEqual(["connecting", "live"]);
    expect(frames).toHaveLength(1);
  });

  it("resumes after the last event, and asks again for its tokens", async () => {
    let seq: number | null = null;
    const { socket, links } = make(() => seq);
    last().signIn();
    socket.subscribe("BONK");
    seq = 12;
    last().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(Fake.made).toHaveLength(2);
    last().signIn();
    expect(last().sent).toEqual([
      { type: "AUTH", data: { wallet_address: "W", after: 12 } },
      { type: "SUBSCRIBE", data: { tokens: ["BONK"] } },
    ]);
    expect(links).toEqual(["connecting", "live", "reconnecting", "live"]);
  });

  it("notices a silent link within five seconds, after asking", async () => {
    const { links } = make();
    last().signIn();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(last().sent.at(-1)?.type).toBe("PING");
    expect(links.at(-1)).toBe("live");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(links.at(-1)).toBe("reconnecting");
  });

  it("stays live while the other side answers", async () => {
    const { links } = make();
    last().signIn();
    for (let second = 0; second < 10; second += 1) {
      await vi.advanceTimersByTimeAsync(2_000);
      last().tell("PONG");
    }
    expect(links.at(-1)).toBe("live");
  });

  it("answers a PING, and shows neither to the reducer", () => {
    const { frames } = make();
    last().signIn();
    last().tell("PING");
    expect(last().sent.at(-1)?.type).toBe("PONG");
    expect(frames).toHaveLength(1);
  });

  it("says offline when nothing helps, and keeps trying", async () => {
    const { links } = make();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      last().onclose?.({ code: 1006 });
      await vi.advanceTimersByTimeAsync(30_000);
    }
    expect(links.at(-1)).toBe("offline");
    expect(Fake.made.length).toBeGreaterThan(4);
  });

  it("leaves at 4401 and does not come back", async () => {
    const { onSignedOut } = make();
    last().signIn();
    last().onclose?.({ code: 4401 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onSignedOut).toHaveBeenCalledOnce();
    expect(Fake.made).toHaveLength(1);
  });

  it("asks once for a token that two panels watch", () => {
    const { socket } = make();
    last().signIn();
    const [first, second] = [socket.subscribe("WIF"), socket.subscribe("WIF")];
    first();
    second();
    expect(last().sent.slice(1)).toEqual([
      { type: "SUBSCRIBE", data: { tokens: ["WIF"] } },
      { type: "UNSUBSCRIBE", data: { tokens: ["WIF"] } },
    ]);
  });
});

test("waits grow from one second to thirty, shortened by chance", () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => backoff(attempt, () => 0))).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
  expect(backoff(5, () => 1)).toBe(15_000);
  expect(backoff(0, () => 1)).toBe(1_000);
});
