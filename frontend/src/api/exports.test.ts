import { expect, test } from "vitest";
import { exportAddress } from "./exports";

test("only filters that say something stand in the address", () => {
  expect(exportAddress("W", "trades", "csv")).toBe("/api/export/W/trades.csv");
  const filters = { status: "finished", token_address: "", from: undefined, symbol: "a&b" };
  expect(exportAddress("W", "per-token", "parquet", filters)).toBe(
    "/api/export/W/per-token.parquet?status=finished&symbol=a%26b",
  );
  expect(exportAddress("W", "events", "csv", { kind: ["TradeOpened", "TradeClosed"] })).toBe(
    "/api/export/W/events.csv?kind=TradeOpened&kind=TradeClosed",
  );
});
