import { lazy, Suspense } from "react";
import { closeOverlay, useShortcuts } from "@/lib/shortcuts";
import { useKeys } from "./use-keys";

const ShortcutList = lazy(() =>
  import("./shortcut-list").then((module) => ({ default: module.ShortcutList })),
);

/** Listens to the keys of every page; loads the list of them when it is asked for. */
export function Gate() {
  useKeys();
  const { open } = useShortcuts();
  return (
    <Suspense fallback={null}>
      {open === "list" && <ShortcutList onClose={() => closeOverlay("list")} />}
    </Suspense>
  );
}
