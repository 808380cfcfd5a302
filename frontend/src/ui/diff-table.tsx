import { ArrowRight } from "lucide-react";

interface DiffTableProps {
  label: string;
  rows: { name: string; title: string; before: string | null; after: string | null }[];
}

/** Before and after, only what changes. */
export function DiffTable({ label, rows }: DiffTableProps) {
  return (
    <table aria-label={label} className="w-full text-sm">
      <thead>
        <tr className="border-line border-b text-muted">
          <th scope="col" className="py-1 pr-2 text-left font-medium">
            What
          </th>
          <th scope="col" className="py-1 pr-2 text-right font-medium">
            Before
          </th>
          <th className="w-5">
            <span className="sr-only">becomes</span>
          </th>
          <th scope="col" className="py-1 text-left font-medium">
            After
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, title, before, after }) => (
          <tr key={name} className="border-line border-b last:border-b-0">
            <th scope="row" className="py-1.5 pr-2 text-left font-normal">
              {title}
            </th>
            <td className="num whitespace-normal py-1.5 pr-2 text-right text-muted">
              {before === null ? <span className="text-faint">none</span> : <s>{before}</s>}
            </td>
            <td className="py-1.5 text-faint">
              <ArrowRight size={12} aria-hidden="true" />
            </td>
            <td className="num whitespace-normal py-1.5 font-medium">
              {after ?? <span className="font-normal text-faint">none</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
