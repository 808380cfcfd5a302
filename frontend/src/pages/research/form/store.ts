import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { type Change, changed, type Draft, newDraft } from "./draft";
import type { Faults } from "./request";

/** The draft outlives the page: who looks at a run in between finds it as it was. */
interface Drafted {
  draft: Draft;
  /** What the platform said of it; forgotten with the next change. */
  told: Faults;
}

const drafts = createStore<Drafted>(() => ({ draft: newDraft(), told: {} }));

export function change(change: Change) {
  drafts.setState(({ draft }) => ({ draft: changed(draft, change), told: {} }));
}

export function setDraft(draft: Draft) {
  drafts.setState({ draft, told: {} });
}

export function tellFaults(told: Faults) {
  drafts.setState({ told });
}

export function useDraft(): Draft {
  return useStore(drafts, (state) => state.draft);
}

export function useTold(): Faults {
  return useStore(drafts, (state) => state.told);
}
