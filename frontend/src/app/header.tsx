import { LogOut } from "lucide-react";
import { logout } from "@/api/queries";
import { shortAddress } from "@/lib/format";
import { forgetWallet, useWallet } from "@/lib/session";
import { IconButton } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { LinkState } from "./link-state";
import { Navigation } from "./navigation";
import { PauseSwitch } from "./pause-switch";
import { queryClient } from "./query-client";
import { ThemeToggle } from "./theme-toggle";

async function leave() {
  // Whether or not the platform hears it, this browser is signed out.
  await logout().catch(() => undefined);
  forgetWallet();
  queryClient.clear();
}

export function Header() {
  const wallet = useWallet();
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b bg-surface px-3">
      <img src="/favicon.svg" alt="" width="22" height="22" />
      <span className="mr-2 hidden font-semibold text-lg lg:inline">Auto Trader</span>
      <Navigation />
      <div className="ml-auto flex min-w-0 items-center gap-1 sm:gap-2">
        <LinkState />
        <PauseSwitch />
        <div className="flex items-center">
          <span className="hidden font-mono text-muted text-sm sm:inline" title={wallet}>
            {shortAddress(wallet)}
          </span>
          <CopyButton text={wallet} label="Copy the wallet's address" />
        </div>
        <ThemeToggle />
        <IconButton label="Sign out" onClick={leave}>
          <LogOut size={16} aria-hidden="true" />
        </IconButton>
      </div>
    </header>
  );
}
