import { expect, test } from "vitest";
import { lead } from "./leader";

/** The browser's locks, as all tabs share them. */
function fakeLocks(): LockManager {
  const queues = new Map<string, Promise<unknown>>();
  const request = async (
    name: string,
    { signal }: { signal: AbortSignal },
    work: () => Promise<void>,
  ) => {
    const before = queues.get(name) ?? Promise.resolve();
    const turn = before.then(() => {
      if (signal.aborted) throw signal.reason;
      return work();
    });
    queues.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
  return { request } as unknown as LockManager;
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

test("one of several tabs leads, and the next one when it goes", async () => {
  const locks = fakeLocks();
  const leaders: string[] = [];
  const leave = lead("notes", () => leaders.push("first"), locks);
  lead("notes", () => leaders.push("second"), locks);
  await settle();
  expect(leaders).toEqual(["first"]);
  leave();
  await settle();
  expect(leaders).toEqual(["first", "second"]);
});

test("who left before its turn never leads", async () => {
  const locks = fakeLocks();
  const leaders: string[] = [];
  const leave = lead("notes", () => leaders.push("first"), locks);
  const leaveEarly = lead("notes", () => leaders.push("second"), locks);
  lead("notes", () => leaders.push("third"), locks);
  await settle();
  leaveEarly();
  leave();
  await settle();
  expect(leaders).toEqual(["first", "third"]);
});

test("other wallets have leaders of their own, and without locks every tab leads", async () => {
  const locks = fakeLocks();
  const leaders: string[] = [];
  lead("one", () => leaders.push("one"), locks);
  lead("other", () => leaders.push("other"), locks);
  lead("none", () => leaders.push("none"), null);
  await settle();
  expect(leaders.sort()).toEqual(["none", "one", "other"]);
});
