import { useQuery } from "@tanstack/react-query";
import { countsQuery } from "@/api/signals";
import { formatCount } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import { SearchField } from "@/ui/search-field";
import { type Filters, isFiltered, statuses } from "../search";

interface FilterBarProps {
  filters: Filters;
  onChange: (change: Partial<Filters>) => void;
  onClear: () => void;
}

/** One that is chosen stays in the list, also when nothing has it any more. */
function withChosen<Item>(items: Item[], chosen: string, name: (item: Item) => string): string[] {
  const names = items.map(name);
  return chosen === "" || names.includes(chosen) ? names : [...names, chosen];
}

export function FilterBar({ filters, onChange, onClear }: FilterBarProps) {
  const counts = useQuery(countsQuery).data;
  const many = new Map([
    ...(counts?.sources.map((it) => [it.source, it.signals] as const) ?? []),
    ...(counts?.reasons.map((it) => [it.reason, it.signals] as const) ?? []),
  ]);
  const countOf = (name: string) => (many.has(name) ? ` (${formatCount(many.get(name))})` : "");
  const set = (key: keyof Filters) => (event: { target: { value: string } }) =>
    onChange({ [key]: event.target.value });
  return (
    <search className="grid grid-cols-2 items-end gap-2 border-line border-b p-3 sm:grid-cols-4 xl:grid-cols-[1.2fr_1fr_1.2fr_1fr_7.75rem_7.75rem_auto]">
      <SearchField
        label="Token"
        placeholder="symbol or address"
        maxLength={64}
        value={filters.token}
        onChange={(token) => onChange({ token })}
      />
      <SelectField label="Status" value={filters.status} onChange={set("status")}>
        <option value="">All</option>
        {Object.keys(statuses).map((status) => (
          <option key={status}>{status}</option>
        ))}
      </SelectField>
      <SelectField label="Reason" value={filters.reason} onChange={set("reason")}>
        <option value="">Any</option>
        {withChosen(counts?.reasons ?? [], filters.reason, (it) => it.reason).map((reason) => (
          <option key={reason} value={reason}>
            {inWords(reason)}
            {countOf(reason)}
          </option>
        ))}
      </SelectField>
      <SelectField label="Source" value={filters.source} onChange={set("source")}>
        <option value="">All</option>
        {withChosen(counts?.sources ?? [], filters.source, (it) => it.source).map((source) => (
          <option key={source} value={source}>
            {cleanText(source, 60)}
            {countOf(source)}
          </option>
        ))}
      </SelectField>
      <TextField label="From" type="date" value={filters.from} onChange={set("from")} />
      <TextField label="To" type="date" value={filters.to} onChange={set("to")} />
      <Button disabled={!isFiltered(filters)} onClick={onClear} className="max-sm:col-span-2">
        Clear
      </Button>
    </search>
  );
}
