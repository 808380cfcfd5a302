import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { PanelDefinition } from "@/lib/panel";
import { PanelFrame, panelsOf } from "./panels";

test("panels are found by their file name, in their order", () => {
  expect(panelsOf("trading", "centre").map((panel) => panel.title)).toEqual([
    "Chart",
    "Transactions",
  ]);
  expect([...new Set(panelsOf("profile").map((panel) => panel.place))]).toEqual([
    "Overview",
    "Per token",
    "Breakdown",
    "History",
  ]);
});

test("a broken panel says so and can be tried again; its neighbour stays", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  let isBroken = true;
  const Broken = () => {
    if (isBroken) throw new Error("no candles");
    return <p>drawn</p>;
  };
  const panel = (title: string, Component: () => React.ReactNode): PanelDefinition => ({
    page: "trading",
    place: "centre",
    order: 1,
    title,
    Component,
  });
  render(
    <>
      <PanelFrame panel={panel("Chart", Broken)} />
      <PanelFrame panel={panel("Feed", () => "here")} />
    </>,
  );
  expect(screen.getByRole("alert")).toHaveTextContent("Chart stopped working");
  expect(screen.getByText("here")).toBeInTheDocument();
  isBroken = false;
  await userEvent.click(screen.getByRole("button", { name: "Retry" }));
  expect(screen.getByText("drawn")).toBeInTheDocument();
});
