import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { exitSpecs } from "@/lib/settings/specs";
import { NumberInput } from "./number-input";

const spec = (name: string) => {
  const found = exitSpecs.find((it) => it.name === name);
  if (!found) throw new Error(name);
  return found;
};

let value: number | null = null;

function Held({ name, start }: { name: string; start: number | null }) {
  const [held, setHeld] = useState(start);
  value = held;
  return (
    <>
      <NumberInput spec={spec(name)} value={held} label={name} onChange={setHeld} />
      <button type="button" onClick={() => setHeld(start)}>
        Back
      </button>
    </>
  );
}

test("a share is typed in percent, also with a comma, and kept as it is typed", async () => {
  render(<Held name="stop_loss" start={0.15} />);
  const field = screen.getByLabelText("stop_loss");
  expect(field).toHaveValue("15");
  await userEvent.clear(field);
  expect(value).toBeNaN();
  await userEvent.type(field, "7,50");
  expect(field).toHaveValue("7,50");
  expect(value).toBe(0.075);
  await userEvent.type(field, "x");
  expect(value).toBeNaN();
  expect(field).toHaveValue("7,50x");
  await userEvent.click(screen.getByRole("button", { name: "Back" }));
  expect(field).toHaveValue("15");
});

test("what may be left out is nothing when it is empty", async () => {
  render(<Held name="max_holding_candles" start={30} />);
  await userEvent.clear(screen.getByLabelText("max_holding_candles"));
  expect(value).toBeNull();
});
