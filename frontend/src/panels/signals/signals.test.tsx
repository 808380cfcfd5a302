import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { live } from "@/api/live";
import { nothingYet } from "@/api/live-state";
import { summary, token } from "@/api/samples";
import { followNewestTrade, selection } from "@/lib/selection";
import { Signals } from "./signals";

afterEach(() => {
  live.setState(nothingYet, true);
  followNewestTrade();
});

test("says what will appear, then shows it, and a click chooses it", async () => {
  render(<Signals />);
  expect(screen.getByRole("status", { name: "Signals load" })).toBeInTheDocument();
  act(() => live.setState({ summaries: [] }));
  expect(screen.getByText("No signal yet")).toBeInTheDocument();
  const failed = summary({ status: "Failed", reason: "sentiment_low", signal_id: 3 });
  act(() => live.setState({ summaries: [failed] }));
  const row = screen.getByRole("button", { name: /BONK/ });
  expect(row).toHaveTextContent("Sentiment too low");
  await userEvent.click(row);
  expect(selection.getState()).toEqual({ token, trade: null, signal: 3 });
  expect(row).toHaveAttribute("aria-pressed", "true");
});

test("a name from a feed is text", () => {
  const symbol = "<img src=x>\u202E";
  live.setState({ summaries: [summary({ token: { address: "A", symbol } })] });
  render(<Signals />);
  expect(screen.getByText("<img src=x>")).toBeInTheDocument();
});

test("arrow keys choose the next row, over the end of a group; a group folds", async () => {
  const failed = summary({ status: "Failed", reason: "no_pool", signal_id: 4 });
  live.setState({ summaries: [summary({ status: "Active", trade_id: 7 }), failed] });
  render(<Signals />);
  await userEvent.tab();
  await userEvent.tab();
  expect(screen.getAllByRole("button", { name: /BONK/ })[0]).toHaveFocus();
  await userEvent.keyboard("{ArrowDown}");
  expect(selection.getState()).toEqual({ token, trade: null, signal: 4 });
  await userEvent.keyboard("{ArrowDown}");
  await userEvent.click(screen.getByRole("button", { name: /Active/ }));
  expect(screen.getAllByRole("button", { name: /BONK/ })).toHaveLength(1);
});

test("of five hundred only some are drawn", () => {
  const many = Array.from({ length: 500 }, (_, number) =>
    summary({ status: "Failed", reason: "no_pool", signal_id: number + 1 }),
  );
  live.setState({ summaries: many });
  render(<Signals />);
  const rows = screen.getAllByRole("button", { name: /BONK/ });
  expect(rows.length).toBeLessThan(60);
  expect(rows[0]?.closest("li")).toHaveAttribute("aria-setsize", "500");
});
