/** Where a table can be had as a file. */
import type { ExportFileData } from "./generated/types.gen";

type Named = ExportFileData["path"]["name"];
type Base<Name> = Name extends `${infer Table}.csv` ? Table : never;

/** The tables that there are files of. */
export type ExportName = Base<Named>;
export type ExportKind = "csv" | "parquet";
/** The filters of the list that shows the same rows; those that are empty are not sent. */
export type ExportFilters = Record<string, Word | readonly Word[]>;
type Word = string | number | boolean | null | undefined;

/** The address of a table's file. The session's cookie goes with it, so a plain link will do. */
export function exportAddress(
  wallet: string,
  name: ExportName,
  kind: ExportKind,
  filters: ExportFilters = {},
): string {
  return addressOf(`/api/export/${encodeURIComponent(wallet)}/${name}.${kind}`, filters);
}

function addressOf(path: string, filters: ExportFilters): string {
  const given = new URLSearchParams();
  for (const [key, words] of Object.entries(filters)) {
    for (const word of [words].flat()) {
      if (word !== undefined && word !== null && word !== "") given.append(key, String(word));
    }
  }
  const query = given.toString();
  return query ? `${path}?${query}` : path;
}
