import { QueryClient } from "@tanstack/react-query";
import { RequestFailed } from "@/api/problem";

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
