import { useQuery } from "@tanstack/react-query";
import { perTokenQuery } from "@/api/queries";
import { shortAddress } from "@/lib/format";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { classes } from "@/ui/classes";
import { SelectField, TextField } from "@/ui/field";
import { SearchField } from "@/ui/search-field";
import { type EventsSearch, isFiltered, withKind } from "./filters";
import { kindOf, kinds } from "./kinds";

interface FilterBarProps {
  search: EventsSearch;
  onChange: (search: EventsSearch) => void;
}

function KindChips({ search, onChange }: FilterBarProps) {
  const chosen = new Set(search.kinds ?? []);
  const all = [...new Set([...Object.keys(kinds), ...chosen])];
  return (
    <fieldset className="flex min-w-0 gap-1.5 max-sm:overflow-x-auto max-sm:pb-1 sm:flex-wrap">
      <legend className="sr-only">Kinds of events; without any, all of them</legend>
      {all.map((kind) => {
        const { title, Icon } = kindOf(kind);
        const isOn = chosen.has(kind);
        return (
          <button
            key={kind}
            type="button"
            aria-pressed={isOn}
            onClick={() => onChange(withKind(search, kind, !isOn))}
            className={classes(
              "flex h-7 shrink-0 items-center gap-1.5 rounded-full border px-2.5 text-sm transition-colors",
              isOn
                ? "border-accent bg-accent-soft font-medium text-accent"
                : "border-line text-muted hover:bg-hover hover:text-text",
            )}
          >
            <Icon size={13} aria-hidden="true" />
            {title}
          </button>
        );
      })}
    </fieldset>
  );
}

function TokenField({ search, onChange }: FilterBarProps) {
  const tokens = useQuery(perTokenQuery(useWallet())).data?.items ?? [];
  const { token = "" } = search;
  const isListed = token === "" || tokens.some(({ key }) => key === token);
  return (
    <SelectField
      label="Token"
      value={token}
      onChange={(event) => onChange({ ...search, token: event.target.value || undefined })}
    >
      <option value="">All</option>
      {!isListed && <option value={token}>{shortAddress(token)}</option>}
      {tokens.map((group) => (
        <option key={group.key} value={group.key ?? ""}>
          {cleanText(group.symbol, 24)}
        </option>
      ))}
    </SelectField>
  );
}

export function FilterBar({ search, onChange }: FilterBarProps) {
  const set = (key: "from" | "to") => (event: { target: { value: string } }) =>
    onChange({ ...search, [key]: event.target.value || undefined });
  return (
    <search className="flex flex-col gap-2.5 border-line border-b p-3">
      <div className="grid grid-cols-2 items-end gap-2 sm:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)_8.5rem_8.5rem_auto]">
        <div className="max-sm:col-span-2">
          <SearchField
            label="Find"
            placeholder="token, reason or strategy"
            maxLength={100}
            value={search.q ?? ""}
            onChange={(q) => onChange({ ...search, q: q || undefined })}
          />
        </div>
        <TokenField search={search} onChange={onChange} />
        <TextField label="From" type="date" value={search.from ?? ""} onChange={set("from")} />
        <TextField label="To" type="date" value={search.to ?? ""} onChange={set("to")} />
        <Button disabled={!isFiltered(search)} onClick={() => onChange({})}>
          Clear
        </Button>
      </div>
      <KindChips search={search} onChange={onChange} />
    </search>
  );
}
