import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { afterFirstPaint } from "./first-paint";

let paint: () => void;
const disconnect = vi.fn();

class Observer {
  constructor(callback: () => void) {
    paint = callback;
  }
  observe() {}
  disconnect = disconnect;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("PerformanceObserver", Observer);
  disconnect.mockClear();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("begins at the first paint, once", () => {
  const begin = vi.fn();
  afterFirstPaint(begin);
  expect(begin).not.toHaveBeenCalled();
  paint();
  paint();
  vi.advanceTimersByTime(1000);
  expect(begin).toHaveBeenCalledTimes(1);
  expect(disconnect).toHaveBeenCalledTimes(1);
});

test("begins without a paint where nothing is painted", () => {
  const begin = vi.fn();
  afterFirstPaint(begin);
  vi.advanceTimersByTime(99);
  expect(begin).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  paint();
  expect(begin).toHaveBeenCalledTimes(1);
});
