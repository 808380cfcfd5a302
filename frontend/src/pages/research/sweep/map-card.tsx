import { useMemo, useState } from "react";
import type { Sweep, SweepRow } from "@/api/research";
import { formatCount } from "@/lib/format";
import { Card } from "@/ui/card";
import { SelectField } from "@/ui/field";
import { type HeatCell, HeatMap } from "@/ui/heat-map";
import { Segments } from "@/ui/segments";
import { pathInWords, setInWords } from "../titles";
import {
  bestCell,
  type Grid,
  gridOf,
  type Sample,
  type Scale,
  type Summary,
  scaleOf,
  shadeOf,
} from "./grid";
import { type Measure, measureOf, measures } from "./measures";

interface MapCardProps {
  sweep: Sweep;
  selected: SweepRow | null;
  onSelect: (row: SweepRow) => void;
}

interface Choice {
  x: string;
  y: string | null;
  measure: Measure;
  by: Summary;
  figures: boolean;
}

const looks: { value: "colours" | "figures"; title: string }[] = [
  { value: "colours", title: "Colours" },
  { value: "figures", title: "Figures" },
];
const summaries: { value: Summary; title: string }[] = [
  { value: "best", title: "Best" },
  { value: "median", title: "Median" },
];

const whole: Sample[] = ["inside"];
const split: Sample[] = ["inside", "outside"];

function cellsOf(grid: Grid, { x, y, measure }: Choice, scale: Scale): HeatCell[][] {
  return grid.cells.map((line, row) =>
    line.map(({ value, count }, column) => {
      const places = [`${pathInWords(x)} ${grid.xs[column]?.label}`];
      if (y !== null) places.push(`${pathInWords(y)} ${grid.ys[row]?.label}`);
      const text = value === null ? null : measure.write(value);
      const sets = count === 1 ? "" : `, ${formatCount(count)} sets`;
      return {
        text,
        shade: shadeOf(value, scale),
        about: `${places.join(", ")}: ${text ?? "no value"}${sets}`,
      };
    }),
  );
}

function placeOf(grid: Grid, { x, y }: Choice, row: SweepRow | null) {
  if (row === null) return null;
  const column = grid.xs.findIndex((bin) => bin.holds(row.params[x] ?? null));
  const line = y === null ? 0 : grid.ys.findIndex((bin) => bin.holds(row.params[y] ?? null));
  return column < 0 || line < 0 ? null : { x: column, y: line };
}

interface OneMapProps extends Omit<MapCardProps, "sweep"> {
  title: string;
  grid: Grid;
  choice: Choice;
  scale: Scale;
}

function OneMap({ title, grid, choice, scale, selected, onSelect }: OneMapProps) {
  return (
    <div className="min-w-0 flex-1 basis-72">
      <h3 className="px-2 font-semibold">{title}</h3>
      <HeatMap
        label={`${choice.measure.title}, ${title.toLowerCase()}`}
        xTitle={pathInWords(choice.x)}
        yTitle={choice.y && pathInWords(choice.y)}
        xs={grid.xs.map((bin) => bin.label)}
        ys={grid.ys.map((bin) => bin.label)}
        cells={cellsOf(grid, choice, scale)}
        best={bestCell(grid)}
        selected={placeOf(grid, choice, selected)}
        onSelect={(x, y) => {
          const row = grid.cells[y]?.[x]?.row;
          if (row) onSelect(row);
        }}
        showsText={choice.figures}
      />
    </div>
  );
}

interface ControlsProps {
  choice: Choice;
  varied: string[];
  onChange: (values: Partial<Choice>) => void;
}

function Controls({ choice, varied, onChange }: ControlsProps) {
  const options = (left: string | null) =>
    varied
      .filter((path) => path !== left)
      .map((path) => (
        <option key={path} value={path}>
          {pathInWords(path)}
        </option>
      ));
  return (
    <div className="flex flex-wrap items-end gap-3 border-line border-b p-3">
      <div className="w-36">
        <SelectField
          label="Figure"
          value={choice.measure.key}
          onChange={(event) => onChange({ measure: measureOf(event.target.value) })}
        >
          {measures.map(({ key, title }) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </SelectField>
      </div>
      {varied.length > 1 && (
        <>
          <div className="w-36">
            <SelectField
              label="Across"
              value={choice.x}
              onChange={(event) => onChange({ x: event.target.value })}
            >
              {options(choice.y)}
            </SelectField>
          </div>
          <div className="w-36">
            <SelectField
              label="Down"
              value={choice.y ?? ""}
              onChange={(event) => onChange({ y: event.target.value })}
            >
              {options(choice.x)}
            </SelectField>
          </div>
        </>
      )}
      {varied.length > 2 && (
        <Segments
          label="Of the sets in a cell"
          value={choice.by}
          onChange={(by) => onChange({ by })}
          options={summaries}
        />
      )}
      <Segments
        label="Cells show"
        value={choice.figures ? "figures" : "colours"}
        onChange={(look) => onChange({ figures: look === "figures" })}
        options={looks}
      />
    </div>
  );
}

/** What a figure makes of two parameters, in the sample that chose and out of it. */
export function MapCard({ sweep, selected, onSelect }: MapCardProps) {
  const { rows, varied } = sweep;
  const [choice, setChoice] = useState<Choice>({
    x: varied[0] ?? "",
    y: varied[1] ?? null,
    measure: measureOf(sweep.objective),
    by: "best",
    figures: false,
  });
  const isSplit = rows.some((row) => row.outside !== null);
  const samples = isSplit ? split : whole;
  const grids = useMemo(
    () => samples.map((sample) => gridOf(rows, { ...choice, sample })),
    [rows, choice, samples],
  );
  const scale = useMemo(() => scaleOf(grids, choice.measure), [grids, choice.measure]);
  const titles = { inside: isSplit ? "In the sample" : "The whole history", outside: "Out of it" };
  if (varied.length === 0) return null;
  return (
    <Card title="Map">
      <Controls
        choice={choice}
        varied={varied}
        onChange={(values) => setChoice((before) => ({ ...before, ...values }))}
      />
      <div className="flex flex-wrap gap-4 p-2">
        {grids.map((grid, index) => {
          const sample = samples[index] ?? "inside";
          return (
            <OneMap
              key={sample}
              title={titles[sample]}
              grid={grid}
              choice={choice}
              scale={scale}
              selected={selected}
              onSelect={onSelect}
            />
          );
        })}
      </div>
      <p className="border-line border-t px-3 py-2 text-faint text-sm">
        ★ is the best cell. A plateau that is good all over is worth more than one bright cell among
        dark ones.{" "}
        {varied.length > 2 &&
          choice.by === "best" &&
          "Of the sets that share a cell, the one that is best in the sample is shown on both maps. "}{" "}
        {selected && `Chosen: ${setInWords(selected.params)}.`}
      </p>
    </Card>
  );
}
