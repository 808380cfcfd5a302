import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { encodeBase58 } from "@/lib/base58";
import { forgetWallet, session } from "@/lib/session";
import { Login } from "./login";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => {
  server.resetHandlers();
  forgetWallet();
});
afterAll(() => server.close());

function show() {
  const client = new QueryClient({ defaultOptions: { mutations: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <Login />
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

const made = {
  wallet_address: "6XnCGuhHQqPEjgx4GpgVLoJGC3YCc447u1UDj6BhZM5h",
  initial_sol_balance: 15.2413,
  secret_key: "4Z7cXSye",
};

test("a paper wallet shows its key once and signs in only then", async () => {
  let header: string | null = null;
  server.use(
    http.post("*/api/register", ({ request }) => {
      header = request.headers.get("x-requested-with");
      return HttpResponse.json(made, { status: 201 });
    }),
  );
  const user = show();
  await user.click(screen.getByRole("button", { name: "Start with a paper wallet" }));
  expect(await screen.findByText("4Z7cXSye")).toBeInTheDocument();
  expect(screen.getByRole("heading")).toHaveTextContent("15.2413 SOL");
  expect(header).toBe("fetch");
  expect(session.getState().wallet).toBeNull();
  await user.click(screen.getByRole("button", { name: "Copy key" }));
  expect(await navigator.clipboard.readText()).toBe("4Z7cXSye");
  await user.click(screen.getByRole("button", { name: "Start trading" }));
  expect(session.getState().wallet).toBe(made.wallet_address);
  const kept = Object.values({ ...localStorage }).join();
  expect(kept).toContain(made.wallet_address);
  expect(kept).not.toContain("4Z7cXSye");
});

test("a refusal is told in words, and the button is there again", async () => {
  server.use(
    http.post("*/api/register", () =>
      HttpResponse.json(
        { title: "Too many requests", detail: "Come back in 60 s.", status: 429 },
        { status: 429, headers: { "content-type": "application/problem+json" } },
      ),
    ),
  );
  const user = show();
  await user.click(screen.getByRole("button", { name: "Start with a paper wallet" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Come back in 60 s.");
  expect(screen.getByRole("button", { name: "Start with a paper wallet" })).toBeEnabled();
});

/** Makes a key, and a platform that takes what it signs and tells what it was sent. */
async function openForKey() {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const { publicKey, privateKey } = pair as CryptoKeyPair;
  const address = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  const seed = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey)).slice(-32);
  const wallet = encodeBase58(address);
  const bodies: string[] = [];
  server.use(
    http.post("*/api/auth/challenge", async ({ request }) => {
      bodies.push(await request.text());
      return HttpResponse.json({ wallet_address: wallet, message: "sign me" });
    }),
    http.post("*/api/auth/login", async ({ request }) => {
      bodies.push(await request.text());
      return HttpResponse.json({ wallet_address: wallet });
    }),
  );
  const secret = encodeBase58(Uint8Array.from([...seed, ...address]));
  return { wallet, secret, bodies };
}

test("a key signs the platform's message and stays here", async () => {
  const { wallet, secret, bodies } = await openForKey();
  const user = show();
  await user.type(screen.getByLabelText("Secret key (base58)"), secret);
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await expect.poll(() => session.getState().wallet).toBe(wallet);
  expect(JSON.parse(bodies[1] ?? "")).toMatchObject({ wallet_address: wallet, message: "sign me" });
  expect(bodies.join()).not.toContain(secret);
});

test("the file that was downloaded signs in, chosen or dropped", async () => {
  const { wallet, secret, bodies } = await openForKey();
  const user = show();
  const file = new File([`address: ${wallet}\nsecret key: ${secret}\n`], "auto-trader.txt");
  await user.upload(screen.getByLabelText("Choose its file"), file);
  await expect.poll(() => session.getState().wallet).toBe(wallet);
  forgetWallet();
  // While one key signs in, no other is taken.
  await expect.poll(() => screen.getByLabelText("Choose its file")).toBeEnabled();
  const dropped = { dataTransfer: { files: [file] } };
  fireEvent.drop(screen.getByRole("form", { name: "I have a key" }), dropped);
  await expect.poll(() => session.getState().wallet).toBe(wallet);
  expect(bodies.join()).not.toContain(secret);
});

test("a key that cannot be copied is to be copied by hand", async () => {
  server.use(http.post("*/api/register", () => HttpResponse.json(made, { status: 201 })));
  const user = show();
  await user.click(screen.getByRole("button", { name: "Start with a paper wallet" }));
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new DOMException("no"));
  await user.click(await screen.findByRole("button", { name: "Copy key" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Select the key and copy it");
});

test("a key that is none is refused before anything is sent", async () => {
  const user = show();
  await user.type(screen.getByLabelText("Secret key (base58)"), "short");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("64 bytes");
});
