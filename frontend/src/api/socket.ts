/**
 * The one WebSocket: signs in, resumes where it was, notices silence, comes back by itself.
 *
 *     connecting -- AUTH_SUCCESS --> live -- closed or silent for 5 s --> waiting -- 1…30 s --> connecting
 *                                                      4401 --> signed out
 *
 * It knows frames as JSON only; what they mean is the reducer's.
 */
import { backoff } from "./backoff";

export type Link = "connecting" | "live" | "reconnecting" | "offline";

export interface SocketHandlers {
  onFrame: (frame: unknown) => void;
  onLink: (link: Link) => void;
  /** Something arrived, a PONG counts. */
  onHeard: (at: number) => void;
  onSignedOut: () => void;
  /** The last event seen, sent as `after`; null on the first connection. */
  lastSeq: () => number | null;
}

export interface SocketOptions {
  url: string;
  wallet: string;
  open?: (url: string) => WebSocket;
  now?: () => number;
}

const CHECK_EVERY = 500;
const ASK_AFTER = 2_000;
const GIVE_UP_AFTER = 4_500;
const SIGNED_OUT = 4401;
const OFFLINE_AFTER_ATTEMPTS = 3;

function typeOf(frame: unknown): string | null {
  if (typeof frame !== "object" || frame === null || !("type" in frame)) return null;
  return typeof frame.type === "string" ? frame.type : null;
}

export class LiveSocket {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private heardAt = 0;
  private askedAt = 0;
  private stopped = true;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private readonly tokens = new Map<string, number>();
  private readonly now: () => number;

  constructor(
    private readonly options: SocketOptions,
    private readonly handlers: SocketHandlers,
  ) {
    this.now = options.now ?? Date.now;
  }

  start() {
    this.stopped = false;
    this.handlers.onLink("connecting");
    addEventListener("online", this.hurry);
    addEventListener("offline", this.lost);
    this.connect();
  }

  stop() {
    this.stopped = true;
    removeEventListener("online", this.hurry);
    removeEventListener("offline", this.lost);
    this.drop();
  }

  /** Asks for a token's market data until the returned function is called. */
  subscribe(token: string): () => void {
    this.tokens.set(token, (this.tokens.get(token) ?? 0) + 1);
    if (this.tokens.get(token) === 1) this.send("SUBSCRIBE", { tokens: [token] });
    return () => {
      const left = (this.tokens.get(token) ?? 0) - 1;
      if (left > 0) {
        this.tokens.set(token, left);
      } else if (this.tokens.delete(token)) {
        this.send("UNSUBSCRIBE", { tokens: [token] });
      }
    };
  }

  private connect() {
    this.drop();
    const open = this.options.open ?? ((url: string) => new WebSocket(url));
    const socket = open(this.options.url);
    this.socket = socket;
    this.heardAt = this.now();
    socket.onopen = () => this.authenticate(socket);
    socket.onmessage = (message) => this.receive(String(message.data));
    socket.onclose = (event) => this.closed(event.code);
    this.watch = setInterval(() => this.check(), CHECK_EVERY);
  }

  private authenticate(socket: WebSocket) {
    const after = this.handlers.lastSeq();
    const wallet_address = this.options.wallet;
    const data = after === null ? { wallet_address } : { wallet_address, after };
    socket.send(JSON.stringify({ type: "AUTH", data }));
  }

  private receive(text: string) {
    this.heardAt = this.now();
    this.handlers.onHeard(this.heardAt);
    let frame: unknown;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    const type = typeOf(frame);
    if (type === "PING") this.send("PONG", {});
    if (type === "PING" || type === "PONG" || type === null) return;
    if (type === "AUTH_SUCCESS") this.welcomed();
    this.handlers.onFrame(frame);
  }

  private welcomed() {
    this.attempt = 0;
    this.handlers.onLink("live");
    if (this.tokens.size > 0) this.send("SUBSCRIBE", { tokens: [...this.tokens.keys()] });
  }

  private send(type: string, data: object) {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ type, data }));
    }
  }

  /** A dead line does not say so: ask after two silent seconds, give up before five. */
  private check() {
    const silent = this.now() - this.heardAt;
    if (silent >= GIVE_UP_AFTER) {
      this.closed(null);
    } else if (silent >= ASK_AFTER && this.now() - this.askedAt >= ASK_AFTER) {
      this.askedAt = this.now();
      this.send("PING", {});
    }
  }

  private closed(code: number | null) {
    this.drop();
    if (this.stopped) return;
    if (code === SIGNED_OUT) {
      this.stop();
      this.handlers.onSignedOut();
      return;
    }
    const hopeless = !navigator.onLine || this.attempt >= OFFLINE_AFTER_ATTEMPTS;
    this.handlers.onLink(hopeless ? "offline" : "reconnecting");
    this.retry = setTimeout(() => this.connect(), backoff(this.attempt));
    this.attempt += 1;
  }

  private drop() {
    clearTimeout(this.retry);
    clearInterval(this.watch);
    const socket = this.socket;
    if (socket === null) return;
    this.socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private readonly hurry = () => {
    if (this.socket === null && !this.stopped) this.connect();
  };

  private readonly lost = () => this.closed(null);
}
