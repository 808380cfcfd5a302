import type { ReactNode } from "react";
import { Scroller } from "./scroller";

interface TwinProps {
  /** What the table holds: "Equity by day". */
  title: string;
  headings: string[];
  rows: { key: string | number; cells: ReactNode[] }[];
}

/** A chart's figures as a table, folded away: for screen readers, and for who wants to read them. */
export function Twin({ title, headings, rows }: TwinProps) {
  return (
    <details className="border-line border-t text-sm">
      <summary className="px-3 py-1.5 text-muted hover:text-text">{title}</summary>

      <Scroller label={title} className="max-h-72">
        <table className="w-full">
          <thead>
            <tr className="text-muted">
              {headings.map((heading, index) => (
                <th
                  key={heading}
                  scope="col"
                  className={`sticky top-0 bg-surface px-3 py-1 font-medium ${index === 0 ? "text-left" : "text-right"}`}
                >
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, cells }) => (
              <tr key={key} className="border-line border-t">
                {cells.map((cell, index) => (
                  <td
                    key={headings[index]}
                    className={index === 0 ? "px-3 py-1" : "num px-3 py-1 text-right"}
                  >
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </details>
  );
}
