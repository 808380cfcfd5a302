/** The frame that every panel stands in. */
export function Shell() {
  return <h1 className="p-4 font-semibold text-xl">Auto Trader</h1>;
}
