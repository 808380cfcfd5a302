import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Target } from "@/api/notifications";
import { forgetWallet, rememberWallet } from "@/lib/session";
import { Messages } from "./messages";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
beforeEach(() => rememberWallet("W"));
afterEach(() => {
  server.resetHandlers();
  forgetWallet();
});
afterAll(() => server.close());

const SECRET = "ntfy://very-secret";
const target: Target = {
  id: 7,
  name: "my phone",
  service: "ntfy",
  shown: "ntfy://…cret",
  kinds: ["trade_closed"],
  paused: false,
  created_at: "2026-11-21T10:00:00.000Z",
};

function platform(items: Target[]) {
  const asked: { method: string; path: string; body: unknown }[] = [];
  const note = async (request: Request) => {
    const text = await request.text();
    const path = new URL(request.url).pathname.replace("/api/notifications/W", "");
    asked.push({ method: request.method, path, body: text === "" ? null : JSON.parse(text) });
  };
  server.use(
    http.get("*/api/notifications/:wallet", () =>
      HttpResponse.json({
        items,
        kinds: ["trade_opened", "trade_closed", "stop"],
        most: 10,
        most_an_hour: 120,
      }),
    ),
    http.get("*/api/notifications/:wallet/log", () => HttpResponse.json({ items: [] })),
    http.post("*/api/notifications/:wallet", async ({ request }) => {
      await note(request);
      items.push(target);
      return HttpResponse.json(target, { status: 201 });
    }),
    http.put("*/api/notifications/:wallet/:number", async ({ request }) => {
      await note(request);
      return HttpResponse.json(target);
    }),
    http.delete("*/api/notifications/:wallet/:number", async ({ request }) => {
      await note(request);
      items.pop();
      return new HttpResponse(null, { status: 204 });
    }),
  );
  return asked;
}

function show() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <Messages />
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

test("a target is added with what was chosen, and its address is gone from the page", async () => {
  const asked = platform([]);
  const user = show();
  await user.click(await screen.findByRole("button", { name: "Add" }));
  await user.type(screen.getByLabelText("Name"), "my phone");
  await user.type(screen.getByLabelText("Address"), SECRET);
  await user.click(screen.getByLabelText("A stop was hit"));
  await user.click(screen.getByRole("button", { name: "Add" }));
  expect(await screen.findByText("my phone")).toBeInTheDocument();
  expect(asked[0]?.body).toMatchObject({ name: "my phone", address: SECRET });
  expect(JSON.stringify(asked[0]?.body)).toContain('"stop"');
  expect(document.body.innerHTML).not.toContain("very-secret");
});

test("an address that is refused stays to be mended", async () => {
  platform([]);
  server.use(
    http.post("*/api/notifications/:wallet", () =>
      HttpResponse.json(
        {
          type: "/problems/invalid-input",
          title: "Invalid input",
          status: 422,
          detail: "The request does not fit.",
          errors: [{ pointer: "/address", detail: "its host is not a public one" }],
        },
        { status: 422 },
      ),
    ),
  );
  const user = show();
  await user.click(await screen.findByRole("button", { name: "Add" }));
  await user.type(screen.getByLabelText("Name"), "x");
  await user.type(screen.getByLabelText("Address"), "jsons://127.0.0.1/");
  await user.click(screen.getByRole("button", { name: "Add" }));
  expect(await screen.findByText("its host is not a public one")).toBeInTheDocument();
});

test("a test says what became of it", async () => {
  platform([target]);
  server.use(
    http.post("*/api/notifications/:wallet/:number/test", () =>
      HttpResponse.json({
        target_id: 7,
        kind: "test",
        title: "Auto Trader",
        created_at: target.created_at,
        status: "failed",
        attempts: 1,
        next_at: null,
        done_at: target.created_at,
        error: "the service answered 404",
      }),
    ),
  );
  const user = show();
  await user.click(await screen.findByRole("button", { name: "Send a test to my phone" }));
  expect(await screen.findByText(/The test failed: the service answered 404/)).toBeInTheDocument();
});

test("a target is paused, and deleted after a second click", async () => {
  const asked = platform([target]);
  const user = show();
  await user.click(await screen.findByRole("button", { name: "Pause my phone" }));
  expect(asked[0]).toMatchObject({ method: "PUT", path: "/7", body: { paused: true } });
  await user.click(screen.getByRole("button", { name: "Delete my phone" }));
  expect(asked).toHaveLength(1);
  await user.click(screen.getByRole("button", { name: "Really delete my phone" }));
  expect(await screen.findByText(/Get messages on your phone/)).toBeInTheDocument();
  expect(asked[1]?.method).toBe("DELETE");
});
