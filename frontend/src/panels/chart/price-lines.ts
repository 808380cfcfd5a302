/** The horizontal lines of the chart: those that stay are moved, never drawn again. */
import {
  type CreatePriceLineOptions,
  type IPriceLine,
  type ISeriesApi,
  LineStyle,
} from "lightweight-charts";
import type { Palette } from "@/lib/palette";
import { changeOf, type Line, type LineKind } from "./lines";

const looks: Record<LineKind, { colour: keyof Palette; style: LineStyle }> = {
  entry: { colour: "accent", style: LineStyle.Solid },
  stop: { colour: "down", style: LineStyle.Dashed },
  target: { colour: "up", style: LineStyle.Dashed },
  taken: { colour: "faint", style: LineStyle.SparseDotted },
  highest: { colour: "faint", style: LineStyle.Dotted },
  draft: { colour: "strong", style: LineStyle.Solid },
};

export class PriceLines {
  private readonly drawn = new Map<string, IPriceLine>();
  private lines: Line[] = [];
  private draft: Line | null = null;

  constructor(
    private readonly series: ISeriesApi<"Candlestick">,
    private palette: Palette,
  ) {}

  set(lines: Line[]) {
    this.change(this.lines, lines);
    this.lines = lines;
  }

  /** The line in the trader's hand. */
  setDraft(draft: Line | null) {
    const asLines = (line: Line | null) => (line === null ? [] : [{ ...line, id: "draft" }]);
    this.change(asLines(this.draft), asLines(draft));
    this.draft = draft;
  }

  all(): Line[] {
    return this.lines;
  }

  recolour(palette: Palette) {
    this.palette = palette;
    for (const line of this.lines) this.drawn.get(line.id)?.applyOptions(this.options(line));
  }

  private change(before: Line[], after: Line[]) {
    const { added, moved, removed } = changeOf(before, after);
    for (const id of removed) {
      const line = this.drawn.get(id);
      if (line) this.series.removePriceLine(line);
      this.drawn.delete(id);
    }
    for (const line of moved) this.drawn.get(line.id)?.applyOptions(this.options(line));
    for (const line of added) {
      this.drawn.set(line.id, this.series.createPriceLine(this.options(line)));
    }
  }

  private options({ price, title, kind }: Line): CreatePriceLineOptions {
    const { colour, style } = looks[kind];
    return {
      price,
      title,
      color: this.palette[colour],
      lineStyle: style,
      lineWidth: kind === "draft" ? 2 : 1,
      axisLabelVisible: true,
      axisLabelTextColor: this.palette.ground,
    };
  }
}
