import { useQuery } from "@tanstack/react-query";
import { deliveriesQuery } from "@/api/notifications";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Badge } from "@/ui/badge";
import { Failure } from "@/ui/failure";
import { outcomeInWords, outcomes } from "./words";

/** The newest messages, and what became of each. */
export function Log() {
  const query = useQuery(deliveriesQuery(useWallet()));
  const items = query.data?.items ?? [];
  if (query.isError) {
    return (
      <Failure
        title="The log could not be loaded"
        error={query.error}
        onRetry={query.refetch}
        busy={query.isFetching}
      />
    );
  }
  if (items.length === 0) return null;
  return (
    <section aria-label="What was sent" className="border-line border-t">
      <h3 className="px-3 pt-2 font-medium text-muted text-sm">What was sent</h3>
      <ul className="px-3 pb-2">
        {items.map((one) => {
          const { tone, word } = outcomes[one.status];
          return (
            <li
              key={`${one.target_id} ${one.created_at} ${one.title}`}
              className="flex flex-wrap items-baseline gap-x-2 py-1"
            >
              <Badge tone={tone}>{word}</Badge>
              <span className="wrap-anywhere min-w-0">{cleanText(one.title, 120)}</span>
              <span className="text-faint text-sm">
                <Ago at={parseTime(one.created_at)} />
              </span>
              <span className="wrap-anywhere text-muted text-sm">
                {cleanText(outcomeInWords(one), 200)}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
