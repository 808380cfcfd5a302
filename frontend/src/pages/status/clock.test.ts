import { expect, test } from "vitest";
import { clockFindings } from "./clock";
import { status } from "./samples";

const good = { skew_ms: 40, within_ms: 300, hosts: 2, off: false, set_by_ms: 0 };

test("a clock that is true is not worth a word", () => {
  expect(clockFindings(status({ clock: good }))).toEqual([]);
  expect(clockFindings(status({ clock: { ...good, skew_ms: null, hosts: 0 } }))).toEqual([]);
});

test("a clock that is off says which way", () => {
  const [slow] = clockFindings(status({ clock: { ...good, skew_ms: 5_000, off: true } }));
  expect(slow?.what).toMatch(/clock is 5.* slow/);
  const [fast] = clockFindings(status({ clock: { ...good, skew_ms: -5_000, off: true } }));
  expect(fast?.what).toMatch(/fast/);
});

test("a machine whose clock was set is told, whichever way", () => {
  const [set] = clockFindings(status({ clock: { ...good, set_by_ms: -3_600_000 } }));
  expect(set?.what).toMatch(/was set by/);
});
