import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { Wallet, WindowRegisterWalletEventCallback } from "@wallet-standard/base";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { forgetWallet, session } from "@/lib/session";
import { makeWallet, textOf, type Will } from "@/lib/wallets/fake";
import { Login } from "./login";

const server = setupServer();
const registered: (() => void)[] = [];
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => {
  server.resetHandlers();
  forgetWallet();
  for (const unregister of registered.splice(0)) act(unregister);
});
afterAll(() => server.close());

/** Registers a wallet as its extension does, when it has loaded. */
function install(wallet: Wallet) {
  const detail: WindowRegisterWalletEventCallback = ({ register }) => {
    registered.push(register(wallet));
  };
  const event = new CustomEvent("wallet-standard:register-wallet", { detail });
  act(() => {
    window.dispatchEvent(event);
  });
}

const installed = async (will: Will = {}) => install(await makeWallet(will));

function show() {
  const client = new QueryClient({ defaultOptions: { mutations: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <Login />
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

interface Handed {
  wallet_address: string;
  message: string;
}

/** A platform that takes exactly the texts that it issued. */
function open({ isNew = true } = {}) {
  const issued: string[] = [];
  server.use(
    http.post("*/api/auth/challenge", async ({ request }) => {
      const { wallet_address } = (await request.json()) as Handed;
      const fields = {
        domain: window.location.host,
        statement: "Sign in.",
        issuedAt: new Date().toISOString(),
      };
      const message = textOf(fields, wallet_address);
      const expires_at = new Date(Date.now() + 300_000).toISOString();
      issued.push(message);
      return HttpResponse.json({ wallet_address, message, fields, expires_at });
    }),
    http.post("*/api/auth/login", async ({ request }) => {
      const { wallet_address, message } = (await request.json()) as Handed;
      if (!issued.includes(message)) {
        return HttpResponse.json({ title: "Not verified", status: 401 }, { status: 401 });
      }
      return HttpResponse.json({ wallet_address, initial_sol_balance: 10, is_new: isNew });
    }),
  );
}

test("a wallet that registers later appears, and says first what it trades", async () => {
  open();
  const user = show();
  expect(screen.getByText(/such as Phantom, Solflare or Backpack/)).toBeInTheDocument();
  await installed({ name: "Phantom" });
  await user.click(screen.getByRole("button", { name: "Phantom" }));
  expect(await screen.findByRole("heading")).toHaveTextContent("You trade 10.0000 SOL of paper");
  expect(session.getState().wallet).toBeNull();
  await user.click(screen.getByRole("button", { name: "Start trading" }));
  expect(session.getState().wallet).not.toBeNull();
});

test("one of several accounts is chosen, and who came before goes straight in", async () => {
  open({ isNew: false });
  const user = show();
  await installed({ name: "Backpack", accounts: 3, can: ["signMessage"] });
  await user.click(screen.getByRole("button", { name: "Backpack" }));
  const account = await screen.findByRole("button", { name: /^Account 2/ });
  const address = account.title;
  await user.click(account);
  await expect.poll(() => session.getState().wallet).toBe(address);
});

test("who declines is told so and can try again", async () => {
  open({ isNew: false });
  const user = show();
  let declines = true;
  const onSign = () => {
    if (declines) throw Object.assign(new Error("no"), { code: 4001 });
  };
  await installed({ name: "Solflare", onSign });
  await user.click(screen.getByRole("button", { name: "Solflare" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("You declined to sign in Solflare.");
  declines = false;
  await user.click(screen.getByRole("button", { name: "Solflare" }));
  await expect.poll(() => session.getState().wallet).not.toBeNull();
});

test("a wallet that writes another text may sign the platform's own", async () => {
  open({ isNew: false });
  const user = show();
  let tries = 0;
  const rewrite = (text: string) => {
    tries += 1;
    return tries === 1 ? text.replace("Sign in.", "Sign in!") : text;
  };
  await installed({ name: "Odd", rewrite });
  await user.click(screen.getByRole("button", { name: "Odd" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Odd signed another text");
  await user.click(screen.getByRole("button", { name: "Sign the platform's own text instead" }));
  await expect.poll(() => session.getState().wallet).not.toBeNull();
});

test("a wallet that never answers can be left", async () => {
  const user = show();
  const wallet = await makeWallet({ name: "Slow" });
  const connect = () => new Promise(() => undefined);
  const silent = {
    ...wallet,
    features: { ...wallet.features, "standard:connect": { version: "1.0.0", connect } },
  };
  install(silent);
  await user.click(screen.getByRole("button", { name: "Slow" }));
  expect(screen.getByRole("status")).toHaveTextContent("Slow asks whether this page may see");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(screen.getByRole("button", { name: "Slow" })).toBeEnabled();
  expect(screen.getByRole("status")).toBeEmptyDOMElement();
});

test("a platform that is not there says so", async () => {
  server.use(http.post("*/api/auth/challenge", () => HttpResponse.error()));
  const user = show();
  await installed();
  await user.click(screen.getByRole("button", { name: "Phantom" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The platform does not answer.");
});
