import { useState } from "react";
import type { Wishes } from "@/api/ground";
import { faultsIn } from "@/api/problem";
import { ANY_SYMBOL } from "@/api/settings";
import type { Setting, Shadow } from "@/api/wire";
import { type Change, changed, type Draft, draftOf, settingOf } from "@/lib/settings/draft";
import { draftFaults, strayFaults, toldFaults } from "@/lib/settings/faults";
import { shownPointers } from "../form/pointers";
import { differencesBySymbol, type Written, writtenOf } from "./wishes";

/** The settings of a shadow under the trader's hands, all symbols of it. */
export function useShadowDraft(wishes: Wishes, shadow: Shadow | null) {
  const { ground } = wishes;
  const mine = writtenOf(wishes);
  const start: Written = shadow === null ? mine : shadow.settings;
  const [symbol, setSymbol] = useState(ANY_SYMBOL);
  const [edited, setEdited] = useState<Record<string, Draft>>({});
  const [refusal, setRefusal] = useState<Error | null>(null);
  const symbols = [...new Set([ANY_SYMBOL, ...Object.keys(start)])];
  const draftFor = (it: string) => edited[it] ?? draftOf(start[it] ?? null, ground);
  const draft = draftFor(symbol);
  const after: Written = { ...start };
  for (const [it, one] of Object.entries(edited)) after[it] = settingOf(one, ground);
  const told = toldFaults(faultsIn(refusal), `/settings/${symbol}`);
  const found = draftFaults(draft, ground);
  const unfit = symbols.filter((it) => Object.keys(draftFaults(draftFor(it), ground)).length > 0);
  return {
    symbol,
    symbols,
    draft,
    faults: { ...told, ...found },
    strays: strayFaults(told, shownPointers(draft, ground)),
    refusal: refusal !== null && faultsIn(refusal).length === 0 ? refusal : null,
    isFit: unfit.length === 0,
    /** Against what it was before; a new one against nothing. */
    isDirty: differencesBySymbol(start, after, ground).length > 0,
    /** What it does differently from the wallet. */
    differing: differencesBySymbol(mine, after, ground),
    settings: (): Record<string, Setting> => after,
    show: setSymbol,
    refuse: setRefusal,
    change: (change: Change) => {
      setRefusal(null);
      setEdited((drafts) => ({ ...drafts, [symbol]: changed(draft, change, ground) }));
    },
  };
}
