import { afterEach, expect, test } from "vitest";
import { formatPrice, formatSol } from "./format";
import { isZone, prefer, preferences } from "./preferences";
import { dayOf, endOfDay, formatTime, startOfDay } from "./time";

afterEach(() => prefer({ zone: "system", numbers: "point" }));

test("numbers are written as the person writes them", () => {
  prefer({ numbers: "comma" });
  expect([formatSol(1234.5), formatPrice(0.00000123), formatPrice(0.25)]).toEqual([
    "1.234,5000",
    "0,0₅1230",
    "0,2500",
  ]);
  prefer({ numbers: "space" });
  expect(formatSol(1234.5).replace(/\s/u, " ")).toBe("1 234,5000");
});

test("times stand in the zone that was chosen", () => {
  const noon = Date.UTC(2026, 10, 21, 12);
  const clock = { hour: "2-digit", minute: "2-digit" } as const;
  prefer({ zone: "Asia/Tokyo" });
  expect(formatTime(noon, clock)).toBe("21:00");
  prefer({ zone: "America/New_York" });
  expect(formatTime(noon, clock)).toBe("07:00");
});

test("a day begins and ends by the zone's own clock, also when that changes", () => {
  prefer({ zone: "Europe/Berlin" });
  expect(startOfDay("2026-11-21")).toBe(Date.UTC(2026, 10, 20, 23));
  const hours = (day: string) => ((endOfDay(day) ?? 0) - (startOfDay(day) ?? 0)) / 3_600_000;
  expect([hours("2026-03-29"), hours("2026-10-25"), hours("2026-06-01")]).toEqual([23, 25, 24]);
  expect(startOfDay("soon")).toBeNull();
  expect(dayOf(Date.UTC(2026, 10, 20, 23, 30))).toBe("2026-11-21");
});

test("only real zones are zones, and a choice is kept", () => {
  expect([isZone("UTC"), isZone("Europe/Berlin"), isZone("Mars/Base")]).toEqual([
    true,
    true,
    false,
  ]);
  prefer({ zone: "UTC" });
  expect(JSON.parse(localStorage.getItem("preferences") ?? "{}")).toEqual(preferences.getState());
});
