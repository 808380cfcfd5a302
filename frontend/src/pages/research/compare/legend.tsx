import { Stroke } from "./stroke";

/** Which curve is whose: by number, colour and dashes. */
export function Legend({ titles }: { titles: string[] }) {
  return (
    <ol aria-label="Curves" className="flex flex-wrap gap-x-5 gap-y-1 px-3 pt-2">
      {titles.map((title, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two runs may have one title
        <li key={index} className="flex min-w-0 items-center gap-2">
          <Stroke index={index} />
          <span className="min-w-0 truncate font-medium">
            {index + 1}. {title}
          </span>
        </li>
      ))}
    </ol>
  );
}
