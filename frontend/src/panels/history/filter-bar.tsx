import { useQuery } from "@tanstack/react-query";
import { perTokenQuery, strategiesQuery } from "@/api/queries";
import { inWords } from "@/lib/reasons";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import { type Filters, isFiltered, noFilters } from "./filters";

interface FilterBarProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

export function FilterBar({ filters, onChange }: FilterBarProps) {
  const tokens = useQuery(perTokenQuery(useWallet()));
  const strategies = useQuery(strategiesQuery);
  const set = (key: keyof Filters) => (event: { target: { value: string } }) =>
    onChange({ ...filters, [key]: event.target.value });
  return (
    <search className="grid grid-cols-2 items-end gap-2 border-line border-b p-3 sm:grid-cols-3 lg:grid-cols-7">
      <SelectField label="Status" value={filters.status} onChange={set("status")}>
        <option value="">All</option>
        <option value="active">Active</option>
        <option value="finished">Finished</option>
        <option value="failed">Failed</option>
      </SelectField>
      <SelectField label="Token" value={filters.token} onChange={set("token")}>
        <option value="">All</option>
        {tokens.data?.items.map((group) => (
          <option key={group.key} value={group.key ?? ""}>
            {cleanText(group.symbol, 24)}
          </option>
        ))}
      </SelectField>
      <SelectField label="Strategy" value={filters.strategy} onChange={set("strategy")}>
        <option value="">All</option>
        {strategies.data?.items.map(({ name }) => (
          <option key={name} value={name}>
            {inWords(name)}
          </option>
        ))}
      </SelectField>
      <TextField label="From" type="date" value={filters.from} onChange={set("from")} />
      <TextField label="To" type="date" value={filters.to} onChange={set("to")} />
      <SelectField label="Order" value={filters.order} onChange={set("order")}>
        <option value="desc">Newest first</option>
        <option value="asc">Oldest first</option>
      </SelectField>
      <Button disabled={!isFiltered(filters)} onClick={() => onChange(noFilters)}>
        Clear
      </Button>
    </search>
  );
}
