import { lazy, Suspense } from "react";
import { closeOverlay, useShortcuts } from "@/lib/shortcuts";

const Palette = lazy(() => import("./palette").then((module) => ({ default: module.Palette })));

/** Loads the search when it is first asked for. */
export function Gate() {
  const { open } = useShortcuts();
  return (
    <Suspense fallback={null}>
      {open === "palette" && <Palette onClose={() => closeOverlay("palette")} />}
    </Suspense>
  );
}
