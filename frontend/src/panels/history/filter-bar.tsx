import { useQuery } from "@tanstack/react-query";
import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { groupsQuery } from "@/api/analytics";
import { strategiesQuery } from "@/api/queries";
import type { TradeSearch } from "@/lib/profile";
import { inWords } from "@/lib/reasons";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { classes } from "@/ui/classes";
import { SelectField, TextField } from "@/ui/field";
import { SearchField } from "@/ui/search-field";
import { sourceNames } from "./filters";

const LONGEST_NAME = 32;

interface FilterBarProps {
  search: TradeSearch;
  onChange: (change: TradeSearch) => void;
}

/** The reasons that this wallet's trades ended for, and the one that is asked for. */
function useReasons(asked: string | undefined): string[] {
  const groups = useQuery(groupsQuery(useWallet(), "exit-reason", {}));
  const known = groups.data?.flatMap(({ key }) => (key === null ? [] : [key])) ?? [];
  return asked === undefined || known.includes(asked) ? known : [...known, asked];
}

function Dates({ search, onChange }: FilterBarProps) {
  const { from, to, ended } = search;
  return (
    <>
      <SelectField
        label="Dates of"
        value={ended ? "exit" : "entry"}
        onChange={({ target }) => onChange({ ended: target.value === "exit" ? true : undefined })}
      >
        <option value="entry">Opening</option>
        <option value="exit">Ending</option>
      </SelectField>
      <TextField
        label="From"
        type="date"
        value={from ?? ""}
        max={to}
        onChange={({ target }) => onChange({ from: target.value || undefined })}
      />
      <TextField
        label="To"
        type="date"
        value={to ?? ""}
        min={from}
        onChange={({ target }) => onChange({ to: target.value || undefined })}
      />
    </>
  );
}

function More({ search, onChange }: FilterBarProps) {
  const strategies = useQuery(strategiesQuery);
  const reasons = useReasons(search.reason);
  return (
    <>
      <SelectField
        label="Strategy"
        value={search.strategy ?? ""}
        onChange={({ target }) => onChange({ strategy: target.value || undefined })}
      >
        <option value="">All</option>
        {strategies.data?.items.map(({ name }) => (
          <option key={name} value={name}>
            {inWords(name)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Led by"
        value={search.source ?? ""}
        onChange={({ target }) =>
          onChange({ source: (target.value || undefined) as TradeSearch["source"] })
        }
      >
        <option value="">All</option>
        {Object.entries(sourceNames).map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Ended by"
        value={search.reason ?? ""}
        onChange={({ target }) => onChange({ reason: target.value || undefined })}
      >
        <option value="">All</option>
        {reasons.map((reason) => (
          <option key={reason} value={reason}>
            {inWords(cleanText(reason, 24))}
          </option>
        ))}
      </SelectField>
      <Dates search={search} onChange={onChange} />
    </>
  );
}

/** Which trades: one line on a wide screen; on a narrow one the first two, and the rest on demand. */
export function FilterBar({ search, onChange }: FilterBarProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <search className="flex flex-col gap-2 border-line border-b p-3">
      <div className="grid grid-cols-2 items-end gap-2 sm:grid-cols-4 lg:grid-cols-8">
        <SearchField
          label="Token name"
          value={search.name ?? ""}
          placeholder="Any"
          maxLength={LONGEST_NAME}
          onChange={(name) => onChange({ name: name || undefined })}
        />
        <SelectField
          label="Status"
          value={search.status ?? ""}
          onChange={({ target }) =>
            onChange({ status: (target.value || undefined) as TradeSearch["status"] })
          }
        >
          <option value="">All</option>
          <option value="active">Active</option>
          <option value="finished">Finished</option>
          <option value="failed">Failed</option>
        </SelectField>
        <div className={classes("contents", !isOpen && "max-sm:hidden")}>
          <More search={search} onChange={onChange} />
        </div>
      </div>
      <Button
        size="small"
        look="quiet"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="self-start sm:hidden"
      >
        <SlidersHorizontal size={14} aria-hidden="true" />
        {isOpen ? "Fewer filters" : "More filters"}
      </Button>
    </search>
  );
}
