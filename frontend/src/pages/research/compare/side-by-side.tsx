import { Card } from "@/ui/card";
import { classes } from "@/ui/classes";
import { Definition } from "@/ui/definition";
import { Scroller } from "@/ui/scroller";
import { Stroke } from "./stroke";

interface SideBySideProps {
  title: string;
  lead?: string;
  titles: string[];
  rows: {
    name: string;
    title: string;
    definition?: string;
    texts: (string | null)[];
    /** The column that is best. */
    best: number | null;
    differs: boolean;
  }[];
}

/** A column for each run. */
export function SideBySide({ title, lead, titles, rows }: SideBySideProps) {
  return (
    <Card title={title}>
      {lead && <p className="px-3 pt-2 text-muted text-sm">{lead}</p>}
      <Scroller label={`${title} side by side`}>
        <table className="w-full" aria-label={`${title} side by side`}>
          <thead>
            <tr className="border-line border-b text-sm">
              <th scope="col" className="px-3 py-2 text-left font-medium text-muted">
                <span className="sr-only">What</span>
              </th>
              {titles.map((name, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two runs may have one title
                <th key={index} scope="col" className="min-w-32 px-3 py-2 text-right font-medium">
                  <span className="flex items-center justify-end gap-2">
                    <Stroke index={index} />
                    <span className="max-w-48 truncate">
                      {index + 1}. {name}
                    </span>
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr
                key={row.name}
                className={classes(
                  "border-line border-b last:border-b-0",
                  row.differs && "bg-accent-soft",
                )}
              >
                <th scope="row" className="px-3 py-1.5 text-left font-normal">
                  <span className="flex items-center gap-2">
                    {row.definition ? (
                      <Definition text={row.definition}>{row.title}</Definition>
                    ) : (
                      row.title
                    )}
                    {row.differs && (
                      <span className="rounded-sm bg-accent-strong px-1 text-on-accent text-xs">
                        differs
                      </span>
                    )}
                  </span>
                </th>
                {row.texts.map((text, index) => (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                    key={index}
                    className={classes(
                      "num whitespace-normal px-3 py-1.5 text-right",
                      row.best === index && "font-semibold",
                      text === null && "text-faint",
                    )}
                  >
                    {text ?? "–"}
                    {row.best === index && (
                      <span className="ml-1 text-accent" title="Best of these">
                        ★<span className="sr-only"> best of these</span>
                      </span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </Card>
  );
}
