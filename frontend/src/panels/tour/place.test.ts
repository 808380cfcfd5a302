import { expect, test } from "vitest";
import { placeCard, placeRing, scrollTo } from "./place";

const wide = { width: 1440, height: 900 };
const phone = { width: 360, height: 740 };
const card = { width: 320, height: 180 };

test.each([
  ["right of the left column", { left: 8, top: 120, width: 280, height: 760 }, [302, 120]],
  ["left of the right column", { left: 1096, top: 120, width: 336, height: 760 }, [762, 120]],
  ["below what is wide", { left: 0, top: 60, width: 1440, height: 80 }, [8, 154]],
  ["above what is wide and low", { left: 0, top: 700, width: 1440, height: 190 }, [8, 506]],
  ["over what fills the page", { left: 0, top: 60, width: 1440, height: 840 }, [8, 712]],
  ["inside the page", { left: 8, top: 850, width: 280, height: 40 }, [302, 712]],
])("the card stands %s", (_, target, [left, top]) => {
  expect(placeCard(target, card, wide)).toEqual({ left, top });
});

test("on a phone it stands above the navigation, whatever it speaks of", () => {
  const target = { left: 8, top: 10, width: 344, height: 300 };
  expect(placeCard(target, { width: 344, height: 180 }, phone)).toEqual({ left: 8, top: 496 });
});

test("the ring ends where the window does", () => {
  const target = { left: 8, top: 700, width: 280, height: 900 };
  expect(placeRing(target, wide)).toEqual({ left: 5, top: 697, width: 286, height: 201 });
  const gone = placeRing({ ...target, top: 2_000 }, wide);
  expect(gone.height).toBe(0);
});

test("what cannot be seen beside the card is scrolled to", () => {
  const target = { left: 8, top: 100, width: 344, height: 300 };
  expect(scrollTo(target, card, phone)).toBe(0);
  expect(scrollTo({ ...target, top: 300 }, card, phone)).toBe(292);
  expect(scrollTo({ ...target, top: -50 }, card, phone)).toBe(-58);
});
