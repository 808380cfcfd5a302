import { Outlet } from "@tanstack/react-router";
import { useStore } from "zustand";
import { usePreferences } from "@/lib/preferences";
import { session } from "@/lib/session";
import { InSlices } from "@/ui/in-slices";
import { Header } from "./header";
import { BottomNavigation } from "./navigation";
import { Notices } from "./notices";
import { Panels } from "./panels";
import { useLiveConnection } from "./use-live-connection";

/** Every page behind the login; gone as soon as the wallet leaves, before the platform hears it. */
export function Layout() {
  const isIn = useStore(session, ({ wallet, isLeaving }) => wallet !== null && !isLeaving);
  if (!isIn) return <output className="m-auto p-4 text-muted">Signing out…</output>;
  return <Inside />;
}

/** What surrounds every page behind the login. */
function Inside() {
  useLiveConnection();
  // Another way to write times and numbers writes everything anew.
  const { zone, numbers } = usePreferences();
  return (
    <>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-2"
      >
        Skip to the content
      </a>
      <Header />
      <Notices />
      <div
        id="content"
        tabIndex={-1}
        className="flex min-h-0 flex-1 flex-col pb-14 outline-none md:pb-0"
      >
        <InSlices key={`${zone} ${numbers}`}>
          <Outlet />
        </InSlices>
      </div>
      <BottomNavigation />
      <Panels page="overlay" />
    </>
  );
}
