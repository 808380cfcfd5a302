/** A number as people write it: a comma for the point, spaces between thousands. NaN for no number. */
export function readNumber(text: string): number {
  const plain = text
    .trim()
    .replace(/[\s_']/g, "")
    .replace("−", "-")
    .replace(/%$/, "");
  return plain === "" ? Number.NaN : Number(plain.replace(/^(-?\d+),(\d+)$/, "$1.$2"));
}
