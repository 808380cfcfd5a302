import { Suspense } from "react";
import type { PanelDefinition } from "@/lib/panel";
import { ErrorBoundary } from "@/ui/error-boundary";
import { Skeleton } from "@/ui/skeleton";

const modules = import.meta.glob<{ panel: PanelDefinition }>("../panels/*/panel.ts", {
  eager: true,
});

const panels = Object.values(modules)
  .map((module) => module.panel)
  .sort((one, other) => one.order - other.order);

/** The panels of a page, top to bottom. */
export function panelsOf(page: PanelDefinition["page"], place?: string): PanelDefinition[] {
  return panels.filter(
    (panel) => panel.page === page && (place === undefined || panel.place === place),
  );
}

/** One panel: what breaks inside stays inside. The tour finds it by its title. */
export function PanelFrame({ panel }: { panel: PanelDefinition }) {
  return (
    <div data-panel={panel.title} className="contents">
      <ErrorBoundary title={panel.title}>
        <Suspense
          fallback={
            <div className="min-h-[27.5rem] rounded-lg border border-line bg-surface xl:flex-1">
              <Skeleton label={`${panel.title} loads`} rows={8} />
            </div>
          }
        >
          <panel.Component />
        </Suspense>
      </ErrorBoundary>
    </div>
  );
}

export function Panels({ page, place }: { page: PanelDefinition["page"]; place?: string }) {
  return panelsOf(page, place).map((panel) => <PanelFrame key={panel.title} panel={panel} />);
}
