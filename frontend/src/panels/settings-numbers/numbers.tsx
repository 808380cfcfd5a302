import { useRef, useState } from "react";
import { useNow } from "@/lib/clock";
import { formatChange, formatPercentChange, formatPrice, formatTokens } from "@/lib/format";
import {
  type NumberStyle,
  numberStyles,
  type Preferences,
  prefer,
  usePreferences,
} from "@/lib/preferences";
import { keepFocus, useRefocus } from "@/lib/refocus";
import { formatFull } from "@/lib/time";
import { systemZone, zoneTitle } from "@/lib/zones";
import { Card } from "@/ui/card";
import { Segments } from "@/ui/segments";
import { ZoneField } from "./zone-field";

type ZoneChoice = "system" | "utc" | "other";

const choiceOf = (zone: string): ZoneChoice => {
  if (zone === "system") return "system";
  return zone === "UTC" ? "utc" : "other";
};

const pressed = (within: HTMLElement) => within.querySelector<HTMLElement>("[aria-pressed='true']");
const input = (within: HTMLElement) => within.querySelector<HTMLElement>("input");

/** Every number and time on the page changes at once, and the focus stays where it was. */
function change(place: string, wish: Partial<Preferences>) {
  keepFocus(place);
  prefer(wish);
}

function NumberChoice() {
  const { numbers } = usePreferences();
  const box = useRef<HTMLDivElement>(null);
  useRefocus("numbers", box, pressed);
  const styles = Object.entries(numberStyles) as [NumberStyle, { title: string }][];
  return (
    <div ref={box} className="flex flex-col gap-2">
      <h3 className="font-semibold">Numbers</h3>
      <Segments
        label="How numbers are written"
        wraps
        value={numbers}
        onChange={(style) => change("numbers", { numbers: style })}
        options={styles.map(([value, { title }]) => ({ value, title }))}
      />
      <p className="text-faint text-sm">
        A trade then reads{" "}
        <span className="num whitespace-normal text-text">
          {formatTokens(20_259.32)} BONK at {formatPrice(0.00001234)} SOL, {formatChange(0.0312)}{" "}
          SOL, {formatPercentChange(12.5)}
        </span>
      </p>
    </div>
  );
}

function ZoneChoice() {
  const { zone } = usePreferences();
  const now = useNow();
  const [choice, setChoice] = useState<ZoneChoice>(choiceOf(zone));
  const segments = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLDivElement>(null);
  useRefocus("zone", segments, pressed);
  useRefocus("city", field, input);
  const own = systemZone();
  const choose = (wanted: ZoneChoice) => {
    setChoice(wanted);
    if (wanted === "system") change("zone", { zone: "system" });
    if (wanted === "utc") change("zone", { zone: "UTC" });
  };
  const shown = zone === "system" ? own : zone;
  return (
    <div className="flex flex-col gap-2">
      <h3 className="font-semibold">Time zone</h3>
      <div ref={segments}>
        <Segments
          label="Time zone"
          wraps
          value={choice}
          onChange={choose}
          options={[
            { value: "system", title: `This device (${zoneTitle(own)})` },
            { value: "utc", title: "UTC" },
            { value: "other", title: "Another" },
          ]}
        />
      </div>
      {choice === "other" && (
        <div ref={field} className="max-w-sm">
          <ZoneField zone={shown} onChoose={(wanted) => change("city", { zone: wanted })} />
        </div>
      )}
      <p className="text-faint text-sm">
        There it is now{" "}
        <time dateTime={new Date(now).toISOString()} className="num whitespace-normal text-text">
          {formatFull(now)}
        </time>
        . Days of the calendar begin at its midnight.
      </p>
    </div>
  );
}

/** How numbers and times are written, everywhere in this browser. */
export function Numbers() {
  return (
    <Card title="Numbers and times" className="flex flex-col gap-5 p-3">
      <NumberChoice />
      <ZoneChoice />
    </Card>
  );
}
