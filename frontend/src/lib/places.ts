import {
  Activity,
  CandlestickChart,
  CircleUser,
  FlaskConical,
  Radio,
  ScrollText,
  Settings,
  SlidersHorizontal,
} from "lucide-react";

/** The pages behind the login, in their order. `key` goes there after `g`. */
export const places = [
  { to: "/", title: "Trading", key: "t", Icon: CandlestickChart },
  { to: "/signals", title: "Signals", key: "s", Icon: Radio },
  { to: "/strategies", title: "Strategies", key: "e", Icon: SlidersHorizontal },
  { to: "/research", title: "Research", key: "r", Icon: FlaskConical },
  { to: "/profile", title: "Profile", key: "p", Icon: CircleUser },
  { to: "/events", title: "Events", key: "v", Icon: ScrollText },
  { to: "/status", title: "Status", key: "h", Icon: Activity },
  { to: "/settings", title: "Settings", key: "c", Icon: Settings },
] as const;

export type Place = (typeof places)[number];
