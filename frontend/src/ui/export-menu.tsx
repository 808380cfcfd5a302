import { Download } from "lucide-react";
import { type ExportFilters, type ExportKind, type ExportName, exportAddress } from "@/api/exports";
import { useWallet } from "@/lib/session";
import { Button } from "./button";
import { Menu, MenuItem } from "./menu";

const kinds: { kind: ExportKind; title: string; about: string }[] = [
  { kind: "csv", title: "CSV", about: "for spreadsheets" },
  { kind: "parquet", title: "Parquet", about: "for analysis" },
];

interface ExportMenuProps {
  /** Which table. */
  name: ExportName;
  /** What the list is filtered by, in the words of its query. */
  filters?: ExportFilters;
  disabled?: boolean;
}

/** A table as a file: all that the filters let through, not only what is on the screen. */
export function ExportMenu({ name, filters, disabled }: ExportMenuProps) {
  const wallet = useWallet();
  return (
    <LinksMenu
      disabled={disabled}
      links={kinds.map(({ kind, title, about }) => ({
        title,
        about,
        href: exportAddress(wallet, name, kind, filters),
        file: `${name}.${kind}`,
      }))}
    />
  );
}

interface LinksMenuProps {
  links: { title: string; about: string; href: string; file: string }[];
  disabled?: boolean;
}

/** The same for files that are at other addresses. */
export function LinksMenu({ links, disabled }: LinksMenuProps) {
  return (
    <Menu
      trigger={
        <Button size="small" disabled={disabled} title="Export">
          <Download size={14} aria-hidden="true" />
          <span className="sr-only sm:not-sr-only">Export</span>
        </Button>
      }
    >
      {links.map(({ title, about, href, file }) => (
        <MenuItem key={file}>
          <a href={href} download={file}>
            <span className="font-medium">{title}</span>
            <span className="ml-auto text-faint text-sm">{about}</span>
          </a>
        </MenuItem>
      ))}
    </Menu>
  );
}
