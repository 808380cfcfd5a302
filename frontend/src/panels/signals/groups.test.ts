import { expect, test } from "vitest";
import { summary } from "@/api/samples";
import { groupsOf, keyOf } from "./groups";

test("signals stand by state, the newest first", () => {
  const old = summary({ at: "2026-11-21T09:00:00.000Z", signal_id: 1 });
  const fresh = summary({ at: "2026-11-21T10:00:00.000Z", signal_id: 2 });
  const active = summary({ status: "Active", trade_id: 9 });
  const groups = groupsOf([old, fresh, active]);
  expect(groups.map((group) => group.status)).toEqual([
    "Active",
    "Monitoring",
    "Pending",
    "Screening",
    "Finished",
    "Failed",
  ]);
  expect(groups[1]?.summaries).toEqual([fresh, old]);
  expect(new Set([old, fresh, active].map(keyOf)).size).toBe(3);
});
