import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";

/** A term whose meaning shows on hover and on focus. */
export function Definition({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Tooltip.Root delayDuration={150}>
      <Tooltip.Trigger asChild>
        <button
          type="button"
          className="cursor-help border-line-strong border-b border-dotted text-left"
        >
          {children}
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={12}
          className="z-50 max-w-72 rounded-md border border-line bg-raised px-3 py-2 text-sm text-text shadow-raised"
        >
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
