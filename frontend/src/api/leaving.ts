/** Signing out. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { beginToLeave, forgetWallet } from "@/lib/session";
import { logout } from "./queries";

/**
 * Whether or not the platform hears it, this browser is signed out and remembers nothing: what was
 * fetched goes with the wallet.
 */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    // What a page still asks for would be refused, and the browser would complain of it: the
    // pages go first, with what they wait for.
    beginToLeave();
    await client.cancelQueries();
    await logout().catch(() => undefined);
    forgetWallet();
  }, [client]);
}
