import { Panels } from "@/app/panels";

/** How this browser shows things, and who is signed in: a section per panel. */
export function SettingsPage() {
  return (
    <main className="mx-auto flex w-full max-w-3xl flex-1 flex-col gap-3 p-3">
      <h1 className="font-semibold text-xl">Settings</h1>
      <Panels page="settings" place="sections" />
    </main>
  );
}
