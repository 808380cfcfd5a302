import { Drawing } from "./drawing";

const places = [
  ["Signals", "Tokens that several wallets buy at once, screened in front of you."],
  ["Chart", "Within a minute the first trade opens, with its entry, stop and targets as lines."],
  ["Position", "What it is worth, how far its stop is; sell a part by hand at any time."],
  ["Why", "Every decision, taken or not, with each value beside its limit."],
] as const;

/** What a newcomer meets behind the login, in the order of the page. */
export function FirstLook() {
  return (
    <section
      aria-labelledby="first-look"
      className="flex flex-col gap-1.5 px-1 lg:gap-5 lg:px-0 lg:pt-5"
    >
      <h2 id="first-look" className="font-semibold text-base lg:text-lg">
        What you will see
      </h2>
      <div className="hidden rounded-lg border border-line bg-surface p-4 lg:block">
        <Drawing />
      </div>
      <dl className="grid gap-x-8 gap-y-1 lg:grid-cols-2 lg:gap-y-4">
        {places.map(([name, words]) => (
          <div key={name} className="grid min-w-0 grid-cols-[4.25rem_minmax(0,1fr)] lg:block">
            <dt className="font-medium">{name}</dt>
            <dd className="text-muted">{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
