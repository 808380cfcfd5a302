import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { readDrawers } from "@/lib/drawers";
import { readProfile } from "@/lib/profile";
import { session } from "@/lib/session";
import { readSearch as readEvents } from "@/pages/events/filters";
import { readSearch } from "@/pages/research/places";
import { readSearch as readSignals } from "@/pages/signals/search";
import { Layout } from "./layout";
import { LoginPage } from "./login-page";
import { NotFound } from "./not-found";
import { TradingPage } from "./trading-page";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  beforeLoad: () => {
    if (session.getState().wallet !== null) throw redirect({ to: "/" });
  },
  component: LoginPage,
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: () => {
    if (session.getState().wallet === null) throw redirect({ to: "/login" });
  },
  // The drawer that is open, on whichever page.
  validateSearch: readDrawers,
  component: Layout,
});

const trading = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  component: TradingPage,
});

const profile = createRoute({
  getParentRoute: () => signedIn,
  path: "/profile",
  validateSearch: readProfile,
  component: lazyRouteComponent(() => import("./profile-page"), "ProfilePage"),
});

/** A word from the address: digits come as a number, and a symbol may be one. */
const word = (value: unknown): string | undefined =>
  value === undefined || typeof value === "object" ? undefined : String(value);

const strategies = createRoute({
  getParentRoute: () => signedIn,
  path: "/strategies",
  validateSearch: (search: Record<string, unknown>): { tab?: "shadows"; symbol?: string } => {
    const symbol = word(search.symbol);
    return {
      ...(search.tab === "shadows" && { tab: "shadows" }),
      ...(symbol && { symbol }),
    };
  },
  component: lazyRouteComponent(() => import("@/pages/strategies/page"), "StrategiesPage"),
});

const research = createRoute({
  getParentRoute: () => signedIn,
  path: "/research",
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import("@/pages/research/page"), "ResearchPage"),
});

const signals = createRoute({
  getParentRoute: () => signedIn,
  path: "/signals",
  validateSearch: readSignals,
  component: lazyRouteComponent(() => import("@/pages/signals/page"), "SignalsPage"),
});

const events = createRoute({
  getParentRoute: () => signedIn,
  path: "/events",
  validateSearch: readEvents,
  component: lazyRouteComponent(() => import("@/pages/events/page"), "EventsPage"),
});

const status = createRoute({
  getParentRoute: () => signedIn,
  path: "/status",
  component: lazyRouteComponent(() => import("@/pages/status/page"), "StatusPage"),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/pages/settings/page"), "SettingsPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    signedIn.addChildren([
      trading,
      profile,
      strategies,
      research,
      signals,
      events,
      status,
      settings,
    ]),
  ]),
  scrollRestoration: true,
});

// Signing in or out, here or in a request that met a 401, leads to the page that fits.
session.subscribe((now, before) => {
  if (now.wallet !== before.wallet) router.invalidate();
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
