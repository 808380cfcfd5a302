import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Timeframe, timeframes, type Uploaded, type Uploading, upload } from "@/api/history";
import { faultsIn } from "@/api/problem";
import { formatCount } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { SelectField, TextField } from "@/ui/field";
import { FileDrop } from "@/ui/file-drop";
import { Scroller } from "@/ui/scroller";
import { formatUtc } from "../words";
import { guessOf, placeOf } from "./file-name";

const MIB = 1024 * 1024;
const MOST_BYTES = 32 * MIB;

function count(number: number, one: string, many = `${one}s`): string {
  return `${formatCount(number)} ${number === 1 ? one : many}`;
}

/** What a file was found to hold, in sentences. */
function remarksOf(told: Uploaded): string[] {
  const gap = told.gaps_shown[0];
  const since = gap ? `, the first from ${formatUtc(gap.first)} UTC` : "";
  return [
    told.bad_rows > 0 ? `${count(told.bad_rows, "row was", "rows were")} left out.` : "",
    told.unordered > 0 ? `${count(told.unordered, "row was", "rows were")} sorted in.` : "",
    told.duplicates > 0 ? `${count(told.duplicates, "row")} said the same again.` : "",
    told.conflicts > 0
      ? `${count(told.conflicts, "row was", "rows were")} overruled by a later one of the same time.`
      : "",
    told.gaps > 0
      ? `${count(told.gaps, "gap")} with ${count(told.missing, "missing candle")}${since}.`
      : "No gaps.",
    told.filled > 0 ? `${count(told.filled, "flat candle was", "flat candles were")} put in.` : "",
  ].filter(Boolean);
}

function Done({ told }: { told: Uploaded }) {
  return (
    <div role="status" className="rounded-md bg-up-soft px-3 py-2 text-sm">
      <p className="font-semibold text-up">
        {cleanText(told.token, 64)} {told.timeframe}: {count(told.candles, "candle")},{" "}
        {formatCount(told.added)} of them new
      </p>
      <ul>
        {remarksOf(told).map((remark) => (
          <li key={remark}>{remark}</li>
        ))}
      </ul>
    </div>
  );
}

function Refused({ error }: { error: Error }) {
  const faults = faultsIn(error);
  return (
    <div role="alert" className="rounded-md bg-down-soft px-3 py-2 text-sm">
      <p className="font-semibold text-down">Nothing was stored</p>
      <p>{cleanText(error.message, 400)}</p>
      {faults.length > 0 && (
        <Scroller label="What is wrong with the file" className="mt-2 max-h-60">
          <ul className="flex flex-col gap-0.5">
            {faults.map(({ pointer, detail }) => (
              <li key={pointer + detail}>
                <span className="font-medium">{placeOf(pointer)}</span>: {cleanText(detail, 200)}
              </li>
            ))}
          </ul>
        </Scroller>
      )}
    </div>
  );
}

interface Chosen {
  file: File | null;
  token: string;
  timeframe: Timeframe;
  symbol: string;
  fill: boolean;
  skipBad: boolean;
}

function faultOf({ file, token }: Chosen): string | null {
  if (file === null) return "Choose a file first.";
  if (file.size > MOST_BYTES) return `A file may hold ${MOST_BYTES / MIB} MiB.`;
  return token.trim() === "" ? "Name the token." : null;
}

function Check(props: { label: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className="flex items-start gap-2 text-sm">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-accent-strong"
      />
      {props.label}
    </label>
  );
}

/** Takes candles from a file; only their wallet sees them. */
export function UploadCard() {
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Chosen>({
    file: null,
    token: "",
    timeframe: "5m",
    symbol: "",
    fill: false,
    skipBad: false,
  });
  const [fault, setFault] = useState<string | null>(null);
  const sent = useMutation({
    mutationFn: (what: Uploading) => upload(what),
    onSuccess: () => client.invalidateQueries({ queryKey: ["history"] }),
  });
  const set = (values: Partial<Chosen>) => setChosen((before) => ({ ...before, ...values }));
  const take = (file: File) => {
    const guess = guessOf(file.name);
    sent.reset();
    setFault(null);
    set({ file, token: guess.token, timeframe: guess.timeframe ?? chosen.timeframe });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wrong = faultOf(chosen);
    setFault(wrong);
    const { file, token, symbol, ...rest } = chosen;
    if (wrong === null && file !== null) {
      sent.mutate({ ...rest, file, token: token.trim(), symbol: symbol.trim() });
    }
  };
  return (
    <Card title="Upload candles" className="p-3">
      <form
        noValidate
        aria-label="Upload candles"
        onSubmit={submit}
        className="flex flex-col gap-3"
      >
        <FileDrop
          label="Drop a file here, or choose one"
          hint="CSV, Parquet or Feather, up to 32 MiB: time, open, high, low, close, volume"
          accept=".csv,.txt,.parquet,.feather,.arrow"
          file={chosen.file}
          onFile={take}
        />
        <div className="grid gap-3 sm:grid-cols-3 lg:grid-cols-1 xl:grid-cols-3">
          <TextField
            label="Token"
            hint="Its mint, or a name for it."
            placeholder="BONK-SOL"
            maxLength={64}
            value={chosen.token}
            onChange={(event) => set({ token: event.target.value })}
          />
          <SelectField
            label="Timeframe"
            value={chosen.timeframe}
            onChange={(event) => set({ timeframe: event.target.value as Timeframe })}
          >
            {timeframes.map((it) => (
              <option key={it}>{it}</option>
            ))}
          </SelectField>
          <TextField
            label="Symbol"
            hint="How to call it; else the token."
            maxLength={32}
            value={chosen.symbol}
            onChange={(event) => set({ symbol: event.target.value })}
          />
        </div>
        <Check
          label="Leave out rows that are no candles, instead of refusing the file"
          checked={chosen.skipBad}
          onChange={(skipBad) => set({ skipBad })}
        />
        <Check
          label="Fill gaps with flat candles at the close before"
          checked={chosen.fill}
          onChange={(fill) => set({ fill })}
        />
        {fault && (
          <p role="alert" className="font-medium text-down text-sm">
            {fault}
          </p>
        )}
        {sent.isError && <Refused error={sent.error} />}
        {sent.isSuccess && <Done told={sent.data} />}
        <div>
          <Button type="submit" look="primary" busy={sent.isPending}>
            {sent.isPending ? "Uploading" : "Upload"}
          </Button>
        </div>
      </form>
    </Card>
  );
}
