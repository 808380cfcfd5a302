/** The live state as a store outside React's tree, fed by the one socket. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { readFrame } from "./frames";
import { adopt, reduce } from "./live-reducer";
import { type LiveState, nothingYet } from "./live-state";
import { replace } from "./series";
import { type Link, LiveSocket } from "./socket";
import type { Candles, Frame, Position } from "./wire";

export interface Connection {
  link: Link;
  heardAt: number | null;
}

export const live = createStore<LiveState>(() => nothingYet);
export const connection = createStore<Connection>(() => ({ link: "connecting", heardAt: null }));

let socket: LiveSocket | null = null;

/** Frames come in bursts: they are folded together, and React is told once. */
const FOLD_EVERY = 30;
let waiting: { frame: Frame; heardAt: number }[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

function fold() {
  clearTimeout(timer);
  timer = undefined;
  const frames = waiting;
  waiting = [];
  if (frames.length === 0) return;
  live.setState(
    (state) => frames.reduce((next, { frame, heardAt }) => reduce(next, frame, heardAt), state),
    true,
  );
}

function take(value: unknown) {
  const frame = readFrame(value);
  if (frame === null) return;
  waiting.push({ frame, heardAt: Date.now() });
  timer ??= setTimeout(fold, FOLD_EVERY);
}

function lastSeq(): number | null {
  fold();
  return live.getState().seq;
}

function address(): string {
  const { protocol, host } = window.location;
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}/ws`;
}

/** Connects for a wallet; the returned function ends it and forgets what was told. */
export function connect(wallet: string, onSignedOut: () => void): () => void {
  const started = new LiveSocket(
    { url: address(), wallet },
    {
      onFrame: take,
      onLink: (link) => connection.setState({ link }),
      onHeard: (heardAt) => connection.setState({ heardAt }),
      onSignedOut,
      lastSeq,
    },
  );
  socket = started;
  started.start();
  return () => {
    started.stop();
    if (socket === started) socket = null;
    fold();
    live.setState(nothingYet, true);
  };
}

/** Asks for a token's candles and trades until the returned function is called. */
export function watchToken(token: string): () => void {
  return socket?.subscribe(token) ?? (() => undefined);
}

export function adoptPositions(positions: Position[]) {
  live.setState((state) => adopt(state, positions, Date.now()), true);
}

/** Takes over a token's candles as they were fetched. */
export function adoptCandles(token: string, { candles, volumes }: Candles) {
  live.setState(({ series }) => ({
    series: { ...series, [token]: replace(series[token], candles, volumes) },
  }));
}

export function useLive<T>(selector: (state: LiveState) => T): T {
  return useStore(live, selector);
}

export function useConnection(): Connection {
  return useStore(connection);
}
