import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { StoredEvent } from "@/api/wire";
import { begun, emptyLog, type Log, told } from "@/lib/log";
import { EventTail, type TailSource } from "./tail";
import { eventKind } from "./use-event-log";

const event = (seq: number, kind = "A") => ({ seq, kind }) as StoredEvent;
const events = (...seqs: number[]) => seqs.map((seq) => event(seq));

/** A platform with a record, and a list over it. */
function stage(changes: Partial<TailSource> = {}) {
  const record: StoredEvent[] = [];
  let log = emptyLog as Log<StoredEvent>;
  let heard = 0;
  const source: TailSource = {
    after: async (seq) => {
      const items = record.filter((it) => it.seq > seq).slice(0, 2);
      const isEnd = record.filter((it) => it.seq > seq).length < 2;
      return { items, next_cursor: isEnd ? null : "more" };
    },
    heard: () => heard,
    fits: () => true,
    isLoaded: () => log.isLoaded,
    tell: vi.fn((news: StoredEvent[]) => {
      log = told(eventKind, log, news, true);
    }),
    reload: vi.fn(),
    ...changes,
  };
  const tail = new EventTail(source);
  return {
    tail,
    source,
    record,
    hear: (...seqs: number[]) => {
      heard = Math.max(heard, ...seqs);
      tail.hear(events(...seqs));
    },
    load: (...seqs: number[]) => {
      log = begun(eventKind, log, { items: events(...seqs), next_cursor: "older" });
      tail.begin(heard, seqs[0] ?? 0);
    },
    shown: () => log.rows.map(({ seq }) => seq),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the tail of the events", () => {
  it("takes what the socket tells, each once", () => {
    const { hear, load, shown } = stage();
    load(5, 4);
    hear(5, 6);
    hear(6, 8, 7);
    hear(8);
    expect(shown()).toEqual([8, 7, 6, 5, 4]);
  });

  it("keeps what was told while the first page was asked for", () => {
    const { hear, load, shown } = stage();
    hear(1, 6);
    load(5, 4);
    hear(7);
    expect(shown()).toEqual([7, 6, 5, 4]);
  });

  it("fetches what came between the first page and the first sign-in", async () => {
    const { tail, hear, load, record, shown } = stage();
    load(5);
    record.push(...events(6, 7, 8, 9));
    tail.later();
    hear(9);
    expect(shown()).toEqual([9, 5]);
    await vi.runAllTimersAsync();
    expect(shown()).toEqual([9, 8, 7, 6, 5]);
  });

  it("goes on from the same place when asking failed", async () => {
    const after = vi.fn<TailSource["after"]>().mockRejectedValueOnce(new Error("no answer"));
    after.mockResolvedValue({ items: events(6, 7), next_cursor: null });
    const { tail, load, shown } = stage({ after });
    load(5);
    tail.later();
    await vi.runAllTimersAsync();
    expect(shown()).toEqual([5]);
    tail.later();
    tail.later();
    await vi.runAllTimersAsync();
    expect(after.mock.calls).toEqual([[5], [5]]);
    expect(shown()).toEqual([7, 6, 5]);
  });

  it("asks the platform where only that can tell what fits", async () => {
    const { hear, load, record, shown } = stage({ fits: () => null });
    load(5);
    record.push(event(7));
    hear(6, 7);
    expect(shown()).toEqual([5]);
    await vi.runAllTimersAsync();
    expect(shown()).toEqual([7, 5]);
  });

  it("begins again when too much was missed", async () => {
    const { tail, load, record, source } = stage();
    load(5);
    record.push(...events(...Array.from({ length: 40 }, (_, place) => 6 + place)));
    tail.later();
    await vi.runAllTimersAsync();
    expect(source.reload).toHaveBeenCalledTimes(1);
  });

  it("leaves out what does not fit, and says nothing more once it is over", async () => {
    const { tail, hear, load, source, shown } = stage({ fits: ({ seq }) => seq % 2 === 0 });
    load(4);
    hear(5, 6);
    expect(shown()).toEqual([6, 4]);
    tail.later();
    tail.stop();
    await vi.runAllTimersAsync();
    expect(source.tell).toHaveBeenCalledTimes(1);
  });
});
