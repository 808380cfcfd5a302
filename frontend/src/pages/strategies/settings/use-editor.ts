import { useState } from "react";
import { effectiveFor, type Wishes, writtenFor } from "@/api/ground";
import { faultsIn } from "@/api/problem";
import { differencesOf } from "@/lib/settings/diff";
import { type Change, changed, type Draft, draftOf, effectiveOf } from "@/lib/settings/draft";
import { draftFaults, type Faults, strayFaults, toldFaults } from "@/lib/settings/faults";
import { shownPointers } from "../form/pointers";

/** A symbol's settings under the trader's hands: the draft, what it changes, and what is wrong. */
export function useEditor(wishes: Wishes, symbol: string) {
  const { ground } = wishes;
  const [edited, setEdited] = useState<Draft | null>(null);
  const [told, setTold] = useState<Faults>({});
  const [refusal, setRefusal] = useState<Error | null>(null);
  const draft = edited ?? draftOf(writtenFor(wishes, symbol), ground);
  const differences = edited
    ? differencesOf(effectiveFor(wishes, symbol), effectiveOf(edited, ground), ground)
    : [];
  const found = draftFaults(draft, ground);
  const faults = { ...told, ...found };
  return {
    draft,
    differences,
    faults,
    /** What no field can say. */
    strays: strayFaults(told, shownPointers(draft, ground)),
    refusal: refusal !== null && faultsIn(refusal).length === 0 ? refusal : null,
    isFit: Object.keys(found).length === 0,
    change: (change: Change) => {
      setEdited(changed(draft, change, ground));
      setTold({});
      setRefusal(null);
    },
    refuse: (error: Error) => {
      setTold(toldFaults(faultsIn(error)));
      setRefusal(error);
    },
    reset: () => {
      setEdited(null);
      setTold({});
      setRefusal(null);
    },
  };
}
