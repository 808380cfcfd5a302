import { useCallback, useEffect, useMemo, useReducer, useRef } from "react";
import {
  begun,
  emptyLog,
  grown,
  type Log,
  type LogKind,
  type Page,
  released,
  renewed,
  told,
} from "./log";

type Action<Row> =
  | { type: "begin" | "grow"; page: Page<Row> }
  | { type: "renew"; page: Page<Row>; isFollowing: boolean }
  | { type: "tell"; rows: Row[]; isFollowing: boolean }
  | { type: "release" }
  | { type: "ask"; what: "first" | "more" }
  | { type: "fail"; error: unknown };

interface State<Row> {
  log: Log<Row>;
  /** What is asked for now. */
  asked: "first" | "more" | null;
  error: unknown;
}

function reducerOf<Row>(kind: LogKind<Row>) {
  return (state: State<Row>, action: Action<Row>): State<Row> => {
    const { log } = state;
    switch (action.type) {
      case "ask":
        return { ...state, asked: action.what, error: null };
      case "fail":
        return { ...state, asked: null, error: action.error };
      case "begin":
        return { log: begun(kind, log, action.page), asked: null, error: null };
      case "grow":
        return { log: grown(kind, log, action.page), asked: null, error: null };
      case "renew":
        return { ...state, log: renewed(kind, log, action.page, action.isFollowing) };
      case "tell":
        return { ...state, log: told(kind, log, action.rows, action.isFollowing) };
      case "release":
        return { ...state, log: released(kind, log) };
    }
  };
}

/** Asks for a page: the first one without a cursor. */
export type Ask<Row> = (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>;

/**
 * A log that is fetched page by page downwards, and grows at its top. It is asked for anew when the
 * component is: give it a key of its filters. `isFollowing` says whether the reader is at the top.
 */
export function useLog<Row>(kind: LogKind<Row>, ask: Ask<Row>, isFollowing: boolean) {
  const reducer = useMemo(() => reducerOf(kind), [kind]);
  const [state, dispatch] = useReducer(reducer, { log: emptyLog, asked: "first", error: null });
  const latest = useRef({ ask, state, isFollowing });
  latest.current = { ask, state, isFollowing };
  const running = useRef<AbortController | null>(null);

  const load = useCallback((what: "first" | "more") => {
    const { log } = latest.current.state;
    const control = new AbortController();
    running.current?.abort();
    running.current = control;
    dispatch({ type: "ask", what });
    latest.current
      .ask(what === "more" ? (log.next ?? undefined) : undefined, control.signal)
      .then((page) => {
        if (!control.signal.aborted) dispatch({ type: what === "more" ? "grow" : "begin", page });
      })
      .catch((error) => {
        if (!control.signal.aborted) dispatch({ type: "fail", error });
      });
  }, []);

  useEffect(() => {
    load("first");
    return () => running.current?.abort();
  }, [load]);

  useEffect(() => {
    if (isFollowing) dispatch({ type: "release" });
  }, [isFollowing]);

  const calls = useMemo(
    () => ({
      /** Asks for the first page again; what is shown stays until it is there. */
      reload: () => load("first"),
      more: () => {
        const { asked, log, error } = latest.current.state;
        if (asked === null && error === null && log.next !== null) load("more");
      },
      retry: () => load(latest.current.state.log.isLoaded ? "more" : "first"),
      tell: (rows: Row[]) =>
        dispatch({ type: "tell", rows, isFollowing: latest.current.isFollowing }),
      renew: (page: Page<Row>) =>
        dispatch({ type: "renew", page, isFollowing: latest.current.isFollowing }),
      /** Shows what waits, also to who does not follow. */
      release: () => dispatch({ type: "release" }),
      /** The log as it stands, for who asks between two renders. */
      now: () => latest.current.state.log,
    }),
    [load],
  );
  return { ...state, ...calls };
}
