// node score.mjs PORT URL mobile|desktop: Lighthouse on a page of the browser that listens on PORT.
// Writes one line of JSON: scores of 0 to 100, the measures behind them, and what was not perfect.
import lighthouse, { desktopConfig } from "lighthouse";

const [port, url, form] = process.argv.slice(2);
const categories = ["performance", "accessibility", "best-practices", "seo"];
const measures = {
  paint: "first-contentful-paint",
  largest: "largest-contentful-paint",
  blocked: "total-blocking-time",
  shift: "cumulative-layout-shift",
};
const flags = {
  port: Number(port),
  output: "json",
  logLevel: "error",
  onlyCategories: categories,
  // Whoever is signed in stays so; the cache is emptied all the same.
  disableStorageReset: true,
};
const ran = await lighthouse(url, flags, form === "desktop" ? desktopConfig : undefined);
if (ran === undefined) throw new Error("Lighthouse gave no result");
const { lhr } = ran;
if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);

const isFault = ({ id, weight }) => {
  const { score, scoreDisplayMode } = lhr.audits[id];
  return weight > 0 && score !== null && score < 0.9 && scoreDisplayMode !== "notApplicable";
};
const scores = {};
const faults = {};
for (const id of categories) {
  const { score, auditRefs } = lhr.categories[id];
  scores[id] = Math.round(100 * score);
  faults[id] = auditRefs.filter(isFault).map((it) => it.id);
}
const values = Object.fromEntries(
  Object.entries(measures).map(([name, id]) => [name, lhr.audits[id].numericValue]),
);
const said = { version: lhr.lighthouseVersion, shown: lhr.finalDisplayedUrl, scores, values, faults };
process.stdout.write(`${JSON.stringify(said)}\n`);
if (process.env.LIGHTHOUSE_REPORT) {
  const { writeFile } = await import("node:fs/promises");
  await writeFile(process.env.LIGHTHOUSE_REPORT, JSON.stringify(lhr));
}
