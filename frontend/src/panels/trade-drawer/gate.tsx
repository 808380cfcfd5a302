import { useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useDrawers } from "@/lib/drawers";

const TradeDrawer = lazy(() =>
  import("./drawer").then((module) => ({ default: module.TradeDrawer })),
);
const PeriodDrawer = lazy(() =>
  import("./period").then((module) => ({ default: module.PeriodDrawer })),
);

/** Loads a drawer once the address names what it is about; a reload keeps it. */
export function Gate() {
  const { trade, whatif } = useSearch({ strict: false });
  const { close } = useDrawers();
  return (
    <Suspense fallback={null}>
      {trade !== undefined && <TradeDrawer id={trade} onClose={close} />}
      {trade === undefined && whatif && <PeriodDrawer period={whatif} onClose={close} />}
    </Suspense>
  );
}
