import { useQuery } from "@tanstack/react-query";
import { type Definition as Defined, definitionsQuery, overallQuery } from "@/api/analytics";
import type { Overall } from "@/api/wire";
import { useProfile } from "@/lib/profile";
import { useWallet } from "@/lib/session";
import { Card } from "@/ui/card";
import { Definition } from "@/ui/definition";
import { Failure } from "@/ui/failure";
import { Change } from "@/ui/figures";
import { Skeleton } from "@/ui/skeleton";
import { type Figure, readingOf, type Section, sections } from "./figures";

interface LineProps {
  figure: Figure;
  overall: Overall;
  defined: Defined;
}

function Line({ figure, overall, defined }: LineProps) {
  const { value, text, interval } = readingOf(figure, overall, defined.unit);
  const title = defined.unit === "SOL" ? `${defined.title}, SOL` : defined.title;
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-3 px-3 py-1.5">
      <dt className="text-muted text-sm">
        <Definition text={defined.definition}>{title}</Definition>
      </dt>
      <dd className="num ml-auto text-right">
        {value === null && <span className="text-faint text-sm">{text}</span>}
        {value !== null && (
          <span className="whitespace-nowrap font-semibold">
            {figure.signed ? <Change value={value} unit={figure.signed} /> : text}
          </span>
        )}
      </dd>
      {interval && (
        <dd className="num w-full text-right text-faint text-xs" title="Bootstrap 95 % interval">
          95 %: {interval}
        </dd>
      )}
    </div>
  );
}

interface GroupProps {
  section: Section;
  overall: Overall;
  definitions: Map<string, Defined>;
}

function Group({ section, overall, definitions }: GroupProps) {
  return (
    <section aria-label={section.title} className="min-w-0 bg-surface py-2">
      <h3 className="px-3 py-1 font-medium text-sm">{section.title}</h3>
      <dl>
        {section.figures.map((figure) => {
          const defined = definitions.get(figure.key);
          return (
            defined && <Line key={figure.key} figure={figure} overall={overall} defined={defined} />
          );
        })}
      </dl>
    </section>
  );
}

export function Statistics() {
  const { within } = useProfile();
  const query = useQuery(overallQuery(useWallet(), within));
  const definitions = useQuery(definitionsQuery);
  const failed = [query, definitions].find((it) => it.isError && !it.data);
  const known = new Map(definitions.data?.map((it) => [it.name, it]));
  const isLoading = !failed && (query.isPending || definitions.isPending);
  return (
    <Card title="Statistics">
      {isLoading && <Skeleton label="Statistics load" rows={8} />}
      {failed && (
        <Failure
          title="Your statistics could not be loaded"
          error={failed.error}
          onRetry={failed.refetch}
          busy={failed.isFetching}
        />
      )}
      {query.data && definitions.data && (
        <div
          aria-busy={query.isPlaceholderData}
          className="grid gap-px bg-line sm:grid-cols-2 xl:grid-cols-4"
        >
          {sections.map((section) => (
            <Group key={section.title} section={section} overall={query.data} definitions={known} />
          ))}
        </div>
      )}
    </Card>
  );
}
