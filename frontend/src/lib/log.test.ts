import { describe, expect, it } from "vitest";
import {
  begun,
  emptyLog,
  grown,
  isJoined,
  type Log,
  type LogKind,
  released,
  renewed,
  told,
} from "./log";

interface Row {
  seq: number;
  text: string;
}

const kind: LogKind<Row> = {
  compare: (one, other) => other.seq - one.seq,
  isSame: (one, other) => one.text === other.text,
};
const rows = (...seqs: number[]): Row[] => seqs.map((seq) => ({ seq, text: "" }));
const page = (next_cursor: string | null, ...seqs: number[]) => ({
  items: rows(...seqs),
  next_cursor,
});
const seqs = (log: Log<Row>) => log.rows.map(({ seq }) => seq);
const held = (log: Log<Row>) => log.held.map(({ seq }) => seq);
const start = begun(kind, emptyLog as Log<Row>, page("more", 9, 8, 7));

describe("what comes over the socket", () => {
  it("stands on top, each row once, whatever the order", () => {
    const log = told(kind, start, rows(11, 9, 12, 10, 11), true);
    expect(seqs(log)).toEqual([12, 11, 10, 9, 8, 7]);
    expect(told(kind, log, rows(12, 8), true)).toBe(log);
  });

  it("waits while somebody reads further down, and moves nothing", () => {
    const log = told(kind, told(kind, start, rows(10), false), rows(12, 11, 10), false);
    expect(log.rows).toBe(start.rows);
    expect(held(log)).toEqual([12, 11, 10]);
    expect(seqs(released(kind, log))).toEqual([12, 11, 10, 9, 8, 7]);
    expect(held(released(kind, log))).toEqual([]);
  });

  it("is not lost before the first page is there", () => {
    const early = told(kind, emptyLog as Log<Row>, rows(10, 9, 3), true);
    expect(early.isLoaded).toBe(false);
    expect(seqs(begun(kind, early, page("more", 9, 8)))).toEqual([10, 9, 8]);
  });

  it("fills a gap that a broken link left", () => {
    const late = told(kind, told(kind, start, rows(14), true), rows(11, 12, 13), true);
    expect(seqs(late)).toEqual([14, 13, 12, 11, 9, 8, 7]);
  });

  it("from below the last row comes with its page", () => {
    expect(told(kind, start, rows(3), true)).toBe(start);
    const whole = grown(kind, start, page(null, 6, 5));
    expect(seqs(told(kind, whole, rows(3), true))).toEqual([9, 8, 7, 6, 5, 3]);
  });

  it("replaces a row where it stands", () => {
    const log = told(kind, start, [{ seq: 8, text: "new" }], false);
    expect(log.rows[1]).toEqual({ seq: 8, text: "new" });
    expect(seqs(log)).toEqual([9, 8, 7]);
  });
});

it("grows downwards without doubles", () => {
  const log = grown(kind, start, page("end", 7, 6, 5));
  expect(seqs(log)).toEqual([9, 8, 7, 6, 5]);
  expect(log.next).toBe("end");
});

it("takes a hundred thousand rows and one more", () => {
  const many = Array.from({ length: 100_000 }, (_, index) => ({ seq: 100_000 - index, text: "" }));
  const log = begun(kind, emptyLog as Log<Row>, { items: many, next_cursor: null });
  const next = told(kind, log, rows(100_001, 50_000), true);
  expect(next.rows).toHaveLength(100_001);
  expect(next.rows[0]?.seq).toBe(100_001);
});

describe("the newest rows, asked for again", () => {
  it("tell which no longer fit, as far down as they reach", () => {
    const log = renewed(kind, start, page("more", 10, 8), true);
    expect(seqs(log)).toEqual([10, 8, 7]);
    expect(seqs(renewed(kind, start, page(null), true))).toEqual([]);
  });

  it("take no row from under a reader", () => {
    const log = renewed(kind, start, page("more", 10, 8), false);
    expect(seqs(log)).toEqual([9, 8, 7]);
    expect(held(log)).toEqual([10]);
  });

  it("say whether they reach what is known", () => {
    expect(isJoined(kind, start, page("more", 12, 11))).toBe(false);
    expect(isJoined(kind, start, page("more", 10, 9))).toBe(true);
    expect(isJoined(kind, start, page(null, 12))).toBe(true);
    expect(isJoined(kind, told(kind, start, rows(12), false), page("more", 13, 12))).toBe(true);
  });
});
