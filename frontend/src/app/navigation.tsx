import { Link } from "@tanstack/react-router";
import { CandlestickChart, CircleUser, FlaskConical, SlidersHorizontal } from "lucide-react";

const pages = [
  { to: "/", title: "Trading", Icon: CandlestickChart },
  { to: "/strategies", title: "Strategies", Icon: SlidersHorizontal },
  { to: "/research", title: "Research", Icon: FlaskConical },
  { to: "/profile", title: "Profile", Icon: CircleUser },
] as const;

export function Navigation() {
  return (
    <nav aria-label="Pages" className="hidden gap-1 md:flex">
      {pages.map(({ to, title }) => (
        <Link
          key={to}
          to={to}
          className="rounded-md px-2.5 py-1.5 font-medium text-muted hover:bg-hover hover:text-text aria-[current=page]:bg-raised aria-[current=page]:text-text"
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}

/** The same at a thumb's reach, on narrow screens. */
export function BottomNavigation() {
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 grid h-14 auto-cols-fr grid-flow-col border-line border-t bg-surface md:hidden"
    >
      {pages.map(({ to, title, Icon }) => (
        <Link
          key={to}
          to={to}
          className="flex flex-col items-center justify-center gap-0.5 text-muted text-xs focus-visible:outline-offset-[-2px] aria-[current=page]:font-medium aria-[current=page]:text-accent"
        >
          <Icon size={18} aria-hidden="true" />
          {title}
        </Link>
      ))}
    </nav>
  );
}
