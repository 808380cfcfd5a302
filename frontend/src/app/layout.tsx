import { Outlet } from "@tanstack/react-router";
import { Header } from "./header";
import { BottomNavigation } from "./navigation";
import { Panels } from "./panels";
import { useLiveConnection } from "./use-live-connection";

/** What surrounds every page behind the login. */
export function Layout() {
  useLiveConnection();
  return (
    <>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-2"
      >
        Skip to the content
      </a>
      <Header />
      <div
        id="content"
        tabIndex={-1}
        className="flex min-h-0 flex-1 flex-col pb-14 outline-none md:pb-0"
      >
        <Outlet />
      </div>
      <BottomNavigation />
      <Panels page="overlay" />
    </>
  );
}
