import { LogOut, Search } from "lucide-react";
import { useSignOut } from "@/api/leaving";
import { shortAddress } from "@/lib/format";
import { useWallet } from "@/lib/session";
import { openOverlay } from "@/lib/shortcuts";
import { IconButton } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { Keys } from "@/ui/keys";
import { LinkState } from "./link-state";
import { Navigation } from "./navigation";
import { PauseSwitch } from "./pause-switch";
import { ThemeToggle } from "./theme-toggle";

/** A picture on narrow screens, a field to press on wide ones. */
function SearchButton() {
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      title="Search pages, tokens, trades and actions: / or Ctrl K"
      onClick={() => openOverlay("palette")}
      className="inline-flex h-8 shrink-0 items-center gap-2 rounded-md px-2 text-muted hover:bg-hover hover:text-text xl:h-7 xl:border xl:border-line xl:bg-raised"
    >
      <Search size={16} aria-hidden="true" />
      <span className="sr-only xl:not-sr-only">Search</span>
      <span aria-hidden="true" className="hidden xl:inline">
        <Keys keys={["/"]} />
      </span>
    </button>
  );
}

export function Header() {
  const wallet = useWallet();
  const signOut = useSignOut();
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b bg-surface px-3">
      <img src="/favicon.svg" alt="" width="22" height="22" />
      <span className="mr-2 hidden whitespace-nowrap font-semibold text-lg xl:inline">
        Auto Trader
      </span>
      <Navigation />
      <div className="ml-auto flex min-w-0 items-center gap-1 lg:gap-2">
        <SearchButton />
        <LinkState />
        <PauseSwitch />
        <div className="flex items-center">
          <span className="hidden font-mono text-muted text-sm lg:inline" title={wallet}>
            {shortAddress(wallet)}
          </span>
          <CopyButton text={wallet} label="Copy the wallet's address" />
        </div>
        <ThemeToggle />
        <IconButton label="Sign out" onClick={signOut}>
          <LogOut size={16} aria-hidden="true" />
        </IconButton>
      </div>
    </header>
  );
}
