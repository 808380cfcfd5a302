/** The live state as a store outside React's tree, fed by the one socket. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { CatchUp, caughtUpInWords } from "./catch-up";
import { readFrame } from "./frames";
import { adopt, reduce } from "./live-reducer";
import { type LiveState, nothingYet } from "./live-state";
import { type Link, LiveSocket } from "./socket";
import type { Frame, Position } from "./wire";

export interface Connection {
  link: Link;
  heardAt: number | null;
  /** What came of the last broken link, in words, and when. */
  caughtUp: { words: string; at: number } | null;
}

export const live = createStore<LiveState>(() => nothingYet);
export const connection = createStore<Connection>(() => ({
  link: "connecting",
  heardAt: null,
  caughtUp: null,
}));

let socket: LiveSocket | null = null;

/** Frames come in bursts: they are folded together, and React is told once. */
const FOLD_EVERY = 30;
let waiting: { frame: Frame; heardAt: number }[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let catchUp = new CatchUp();

function fold() {
  clearTimeout(timer);
  timer = undefined;
  const frames = waiting;
  waiting = [];
  if (frames.length === 0) return;
  live.setState((state) => {
    const before = state.told.length > 0 ? { ...state, told: [] } : state;
    return frames.reduce((next, { frame, heardAt }) => reduce(next, frame, heardAt), before);
  }, true);
}

function take(value: unknown) {
  const frame = readFrame(value);
  if (frame === null) return;
  catchUp.hear(frame);
  waiting.push({ frame, heardAt: Date.now() });
  timer ??= setTimeout(fold, FOLD_EVERY);
}

function linked(link: Link) {
  const told = catchUp.linked(link);
  connection.setState({
    link,
    ...(told && { caughtUp: { words: caughtUpInWords(told), at: Date.now() } }),
  });
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
  catchUp = new CatchUp();
  connection.setState({ heardAt: null, caughtUp: null });
  const started = new LiveSocket(
    { url: address(), wallet },
    {
      onFrame: take,
      onLink: linked,
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
  const unsubscribe = socket?.subscribe(token);
  live.setState(({ watched }) => ({ watched: [...watched, token] }));
  return () => {
    unsubscribe?.();
    live.setState(({ watched }) => {
      const place = watched.indexOf(token);
      return place < 0 ? {} : { watched: watched.toSpliced(place, 1) };
    });
  };
}

export function adoptPositions(positions: Position[]) {
  live.setState((state) => adopt(state, positions, Date.now()), true);
}

export function useLive<T>(selector: (state: LiveState) => T): T {
  return useStore(live, selector);
}

export function useConnection(): Connection {
  return useStore(connection);
}
