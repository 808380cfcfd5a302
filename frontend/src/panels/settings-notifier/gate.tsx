import { lazy, Suspense, useEffect } from "react";
import { followPermission, usePermission, useWishes } from "@/lib/notifications";

const Notifier = lazy(() => import("./notifier").then((it) => ({ default: it.Notifier })));

/** Loads what notifies once the browser allows it and the person wants it. */
export function Gate() {
  const { isOn } = useWishes();
  const permission = usePermission();
  useEffect(followPermission, []);
  if (!isOn || permission !== "granted") return null;
  return (
    <Suspense fallback={null}>
      <Notifier />
    </Suspense>
  );
}
