import { expect, test } from "vitest";
import type { Delivery } from "@/api/notifications";
import { chosenFirst, kindNames, kindsInWords, outcomeInWords, toggled } from "./words";

const delivery = (changes: Partial<Delivery>): Delivery => ({
  target_id: 1,
  kind: "trade_closed",
  title: "BONK: closed",
  created_at: "2026-11-21T10:00:00.000Z",
  status: "sent",
  attempts: 1,
  next_at: null,
  done_at: null,
  error: null,
  ...changes,
});

test.each<[Partial<Delivery>, string]>([
  [{}, ""],
  [{ attempts: 3 }, "after 3 tries"],
  [{ status: "waiting", attempts: 0 }, ""],
  [
    { status: "waiting", attempts: 1, error: "the service answered 503" },
    "1 try, again soon: the service answered 503",
  ],
  [
    { status: "failed", attempts: 6, error: "the service answered 404" },
    "6 tries: the service answered 404",
  ],
  [{ status: "skipped", attempts: 0, error: "its target was deleted" }, "its target was deleted"],
])("%j is told", (changes, words) => {
  expect(outcomeInWords(delivery(changes))).toBe(words);
});

test("kinds are chosen and named", () => {
  expect(toggled(["stop"], "stop")).toEqual([]);
  expect(toggled(["stop"], "account")).toEqual(["stop", "account"]);
  expect(kindsInWords([])).toBe("nothing yet");
  expect(kindsInWords(["stop", "trade_closed"])).toBe("a stop was hit, a trade closed");
  expect(chosenFirst.every((kind) => kind in kindNames)).toBe(true);
});
