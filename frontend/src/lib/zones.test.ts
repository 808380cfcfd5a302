import { expect, test } from "vitest";
import { clockIn, findZones, offsetOf, zoneOf, zones } from "./zones";

const some = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/North_Dakota/Center",
  "Asia/Tokyo",
];
const SUMMER = Date.parse("2026-07-01T12:00:00Z");

test("a part of a name finds zones, the beginning of a place before its middle", () => {
  expect(findZones("ber", some)).toEqual(["Europe/Berlin"]);
  expect(findZones("new y", some)).toEqual(["America/New_York"]);
  expect(findZones("america", some)).toEqual(["America/New_York", "America/North_Dakota/Center"]);
  const among = ["Asia/Tokyo", "America/Toronto", "Africa/Khartoum", "Atlantic/Stow", "UTC"];
  expect(findZones("to", among)).toEqual([
    "America/Toronto",
    "Asia/Tokyo",
    "Africa/Khartoum",
    "Atlantic/Stow",
  ]);
  expect(findZones(" ", some)).toEqual([]);
  expect(findZones("a").length).toBeLessThanOrEqual(8);
});

test("what was typed is a zone, or it is none", () => {
  expect(zoneOf("europe/berlin", some)).toBe("Europe/Berlin");
  expect(zoneOf("new york", some)).toBe("America/New_York");
  expect(zoneOf("america", some)).toBeNull();
  expect(zoneOf("Etc/GMT+5", some)).toBe("Etc/GMT+5");
  expect(zoneOf("Middle Earth", some)).toBeNull();
  expect(zoneOf("", some)).toBeNull();
  expect(zones()).toContain("UTC");
});

test("a zone says its time and how far that is from UTC", () => {
  expect(clockIn("Europe/Berlin", SUMMER)).toBe("14:00");
  expect(offsetOf("Europe/Berlin", SUMMER)).toBe("UTC+02:00");
  expect(offsetOf("America/New_York", SUMMER)).toBe("UTC−04:00");
  expect(offsetOf("UTC", SUMMER)).toBe("UTC");
});
