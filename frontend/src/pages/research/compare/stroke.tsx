/** A piece of a curve as the chart draws it: colour and dashes. */
const dashes = ["none", "5 4", "1.5 3.5", "9 5"];
const colours = ["--series-1", "--series-2", "--series-3", "--series-4"];

export function Stroke({ index }: { index: number }) {
  return (
    <svg aria-hidden="true" width="28" height="8" className="shrink-0">
      <title>{`Curve ${index + 1}`}</title>
      <line
        x1="0"
        x2="28"
        y1="4"
        y2="4"
        strokeWidth="2.5"
        strokeDasharray={dashes[index % dashes.length]}
        style={{ stroke: `var(${colours[index % colours.length]})` }}
      />
    </svg>
  );
}
