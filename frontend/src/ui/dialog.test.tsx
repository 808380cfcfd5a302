import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { Dialog } from "./dialog";

test("a dialog has its title, closes by its button, and is gone when closed", async () => {
  const close = vi.fn();
  const { rerender } = render(
    <Dialog open onClose={close} title="Sell half?">
      About 0.1 SOL
    </Dialog>,
  );
  expect(screen.getByRole("dialog", { name: "Sell half?" })).toHaveTextContent("About 0.1 SOL");
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(close).toHaveBeenCalledOnce();
  rerender(
    <Dialog open={false} onClose={close} title="Sell half?">
      About 0.1 SOL
    </Dialog>,
  );
  expect(screen.queryByRole("dialog")).toBeNull();
});
