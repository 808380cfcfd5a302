import { beforeEach, expect, test } from "vitest";
import { endTour, goToStep, hasSeenTour, startTour, stepAfter, tour } from "./tour";

beforeEach(() => {
  localStorage.clear();
  endTour();
});

test("each wallet sees it once by itself, and again when it asks", () => {
  expect(hasSeenTour("A")).toBe(false);
  startTour("A", false);
  expect(tour.getState()).toEqual({ step: "signals", comesBack: false, isWanted: false });
  expect([hasSeenTour("A"), hasSeenTour("B")]).toEqual([true, false]);
  goToStep("why");
  startTour("A");
  expect(tour.getState().step).toBe("signals");
  expect(JSON.parse(localStorage.getItem("tour") ?? "")).toEqual(["A"]);
});

test("what somebody else wrote there does no harm", () => {
  for (const kept of ["{", "7", '[7, "A"]']) {
    localStorage.setItem("tour", kept);
    expect(hasSeenTour("A")).toBe(kept.includes("A"));
  }
});

test("four steps, with ends", () => {
  expect(stepAfter("signals", -1)).toBeNull();
  expect(stepAfter("signals", 1)).toBe("chart");
  expect(stepAfter("chart", 1)).toBe("position");
  expect(stepAfter("position", 1)).toBe("why");
  expect(stepAfter("why", 1)).toBeNull();
});
