import { Link, useLocation } from "@tanstack/react-router";
import { ChevronDown, Ellipsis } from "lucide-react";
import { type Place, places } from "@/lib/places";
import { classes } from "@/ui/classes";
import { Menu, MenuItem } from "@/ui/menu";

const link =
  "rounded-md px-2 py-1.5 font-medium text-muted lg:px-2.5 hover:bg-hover hover:text-text aria-[current=page]:bg-raised aria-[current=page]:text-text";

/** From this place on there is room only on wide screens; before, they stand in a menu. */
const SECOND = 5;
/** What a thumb reaches on a phone; the rest stands in a menu. */
const thumb = new Set<Place["to"]>(["/", "/signals", "/strategies", "/profile"]);

function Places({ among }: { among: readonly Place[] }) {
  return among.map(({ to, title, Icon }) => (
    <MenuItem key={to}>
      <Link to={to}>
        <Icon size={16} aria-hidden="true" />
        {title}
      </Link>
    </MenuItem>
  ));
}

/** The place of the page that is open, when it is among these. */
function useOpenPlace(among: readonly Place[]): Place | undefined {
  const path = useLocation({ select: ({ pathname }) => pathname });
  return among.find(({ to }) => to === path);
}

export function Navigation() {
  const rest = places.slice(SECOND);
  const open = useOpenPlace(rest);
  return (
    <nav aria-label="Pages" className="hidden gap-1 md:flex">
      {places.map(({ to, title }, index) => (
        <Link
          key={to}
          to={to}
          className={classes(link, index >= SECOND && "hidden min-[90rem]:block")}
        >
          {title}
        </Link>
      ))}
      <div className="min-[90rem]:hidden">
        <Menu
          trigger={
            <button
              type="button"
              className={classes(
                "flex items-center gap-1 rounded-md px-2 py-1.5 font-medium hover:bg-hover lg:px-2.5 hover:text-text",
                open ? "bg-raised text-text" : "text-muted",
              )}
            >
              {open?.title ?? "More"}
              <ChevronDown size={14} aria-hidden="true" />
            </button>
          }
        >
          <Places among={rest} />
        </Menu>
      </div>
    </nav>
  );
}

const tab =
  "flex flex-col items-center justify-center gap-0.5 text-xs focus-visible:outline-offset-[-2px]";

/** The same at a thumb's reach, on narrow screens. */
export function BottomNavigation() {
  const rest = places.filter(({ to }) => !thumb.has(to));
  const open = useOpenPlace(rest);
  const OpenIcon = open?.Icon ?? Ellipsis;
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 grid h-14 auto-cols-fr grid-flow-col border-line border-t bg-surface md:hidden"
    >
      {places
        .filter(({ to }) => thumb.has(to))
        .map(({ to, title, Icon }) => (
          <Link
            key={to}
            to={to}
            className={classes(
              tab,
              "text-muted aria-[current=page]:font-medium aria-[current=page]:text-accent",
            )}
          >
            <Icon size={18} aria-hidden="true" />
            {title}
          </Link>
        ))}
      <Menu
        side="top"
        trigger={
          <button
            type="button"
            className={classes(tab, open ? "font-medium text-accent" : "text-muted")}
          >
            <OpenIcon size={18} aria-hidden="true" />
            {open?.title ?? "More"}
          </button>
        }
      >
        <Places among={rest} />
      </Menu>
    </nav>
  );
}
