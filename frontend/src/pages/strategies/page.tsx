import { useNavigate, useSearch } from "@tanstack/react-router";
import { ErrorBoundary } from "@/ui/error-boundary";
import { Tabs } from "@/ui/tabs";
import { SettingsTab } from "./settings/settings";
import { Shadows } from "./shadows/shadows";

/** When and how the wallet trades, and what other settings would do beside it. */
export function StrategiesPage() {
  const { tab } = useSearch({ from: "/signed-in/strategies" });
  const navigate = useNavigate();
  return (
    <main className="mx-auto flex w-full max-w-6xl flex-1 flex-col gap-3 p-3">
      <h1 className="sr-only">Strategies</h1>
      <Tabs
        label="Strategies"
        value={tab ?? "settings"}
        onChange={(value) =>
          navigate({ to: "/strategies", search: value === "shadows" ? { tab: "shadows" } : {} })
        }
        tabs={[
          {
            value: "settings",
            title: "Settings",
            content: (
              <ErrorBoundary title="Settings">
                <SettingsTab />
              </ErrorBoundary>
            ),
          },
          {
            value: "shadows",
            title: "Shadows",
            content: (
              <ErrorBoundary title="Shadows">
                <Shadows />
              </ErrorBoundary>
            ),
          },
        ]}
      />
    </main>
  );
}
