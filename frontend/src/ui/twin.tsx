import { type ReactNode, useState } from "react";
import { Scroller } from "./scroller";

interface TwinProps {
  /** What the table holds: "Equity by day". */
  title: string;
  headings: string[];
  rows: TwinRow[] | (() => TwinRow[]);
  /** How high it may grow: `max-h-72` unless told. */
  className?: string;
}

export interface TwinRow {
  key: string | number;
  cells: ReactNode[];
}

/** A chart's figures as a table, folded away: for screen readers, and for who wants to read them. */
export function Twin({ title, headings, rows, className = "max-h-72" }: TwinProps) {
  const [isOpen, setOpen] = useState(false);
  // Long ones are given as a function: they are made when somebody looks.
  const shown = typeof rows !== "function" ? rows : isOpen ? rows() : [];
  return (
    <details
      className="border-line border-t text-sm"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="px-3 py-1.5 text-muted hover:text-text">{title}</summary>

      <Scroller label={title} className={className}>
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
            {shown.map(({ key, cells }) => (
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
