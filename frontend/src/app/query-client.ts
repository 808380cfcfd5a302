import { QueryClient } from "@tanstack/react-query";
import { RequestFailed } from "@/api/problem";
import { session } from "@/lib/session";

const TRIES = 2;

/** Another try makes sense where nothing answered or the platform was not ready; never after a 4xx. */
function isWorthRetrying(failures: number, error: Error): boolean {
  const status = error instanceof RequestFailed ? error.status : 0;
  return failures < TRIES && (status === 0 || status >= 500);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: isWorthRetrying, staleTime: 15_000, refetchOnWindowFocus: false },
  },
});

/** However a wallet was signed out, here or elsewhere: what was fetched for it goes with it. */
session.subscribe((now, before) => {
  if (before.wallet === null || now.wallet === before.wallet) return;
  queryClient.clear();
});
