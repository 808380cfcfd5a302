import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { forgetWallet, rememberWallet } from "@/lib/session";
import { ResetDialog } from "./reset-dialog";
import { plan } from "./samples";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
beforeEach(() => rememberWallet("W"));
afterEach(() => {
  server.resetHandlers();
  forgetWallet();
});
afterAll(() => server.close());

interface Asked {
  body: unknown;
  key: string | null;
}

function answering(status: number, answer: object): Asked[] {
  const asked: Asked[] = [];
  server.use(
    http.post("*/api/wallets/:wallet/reset", async ({ request }) => {
      asked.push({ body: await request.json(), key: request.headers.get("idempotency-key") });
      return HttpResponse.json(answer, { status });
    }),
  );
  return asked;
}

function show() {
  const onClose = vi.fn();
  const client = new QueryClient({ defaultOptions: { mutations: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <ResetDialog plan={plan} onClose={onClose} />
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), onClose };
}

const button = () => screen.getByRole("button", { name: "Reset wallet" });

test("nothing happens before the word is typed, then it begins again with the amount", async () => {
  const asked = answering(200, { initial_sol_balance: 25, closed: [] });
  const { user, onClose } = show();
  expect(screen.getByText(/3 open positions are sold/)).toBeInTheDocument();
  await user.type(screen.getByLabelText("New balance"), "25");
  await user.click(button());
  expect(asked).toEqual([]);
  await user.type(screen.getByLabelText("Type RESET to confirm"), "RESET");
  await user.click(button());
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(asked[0]?.body).toEqual({ initial_sol: 25 });
});

test("a second try of the same reset has the same key, another amount has another", async () => {
  const asked = answering(503, { title: "Unavailable", detail: "The engine is starting." });
  const { user, onClose } = show();
  await user.type(screen.getByLabelText("Type RESET to confirm"), "reset");
  await user.click(button());
  expect(await screen.findByRole("alert")).toHaveTextContent("The engine is starting.");
  await user.click(button());
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  await user.type(screen.getByLabelText("New balance"), "7");
  await user.click(button());
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  const [first, second, third] = asked;
  expect(first?.body).toEqual({ initial_sol: null });
  expect(second?.key).toBe(first?.key);
  expect(third?.key).not.toBe(first?.key);
  expect(onClose).not.toHaveBeenCalled();
});

test("an amount out of bounds is told beside its field", async () => {
  const { user } = show();
  await user.type(screen.getByLabelText("New balance"), "5000");
  await user.type(screen.getByLabelText("Type RESET to confirm"), "RESET");
  expect(screen.getByLabelText("New balance")).toHaveAccessibleDescription(/from 1 to 1,000/);
  expect(button()).toBeDisabled();
});
