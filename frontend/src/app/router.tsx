import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { session } from "@/lib/session";
import { Layout } from "./layout";
import { LoginPage } from "./login-page";
import { NotFound } from "./not-found";
import { ProfilePage } from "./profile-page";
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
  validateSearch: (search: Record<string, unknown>): { tab?: string } =>
    typeof search.tab === "string" ? { tab: search.tab } : {},
  component: ProfilePage,
});

export const router = createRouter({
  routeTree: root.addChildren([login, signedIn.addChildren([trading, profile])]),
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
