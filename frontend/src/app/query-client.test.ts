import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { positionsQuery } from "@/api/queries";
import { forgetWallet, rememberWallet } from "@/lib/session";
import { queryClient } from "./query-client";

const WALLET = "6XnCGuhHQqPEjgx4GpgVLoJGC3YCc447u1UDj6BhZM5h";
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterAll(() => server.close());

const known = () => queryClient.getQueryCache().getAll();

beforeEach(() => {
  forgetWallet();
  rememberWallet(WALLET);
  queryClient.setQueryData(["trades", WALLET], "mine");
});

test("a wallet that is forgotten leaves nothing that was fetched", () => {
  expect(known()).toHaveLength(1);
  forgetWallet();
  expect(known()).toEqual([]);
});

test("nor does one in whose place another comes", () => {
  rememberWallet(WALLET);
  expect(known()).toHaveLength(1);
  rememberWallet("DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263");
  expect(known()).toEqual([]);
});

test("a session that was ended elsewhere empties the page with the next answer", async () => {
  server.use(http.get("*/api/positions/*", () => new HttpResponse(null, { status: 401 })));
  await queryClient.fetchQuery(positionsQuery(WALLET)).catch(() => undefined);
  expect(queryClient.getQueryData(["trades", WALLET])).toBeUndefined();
  expect(known()).toEqual([]);
});
