import { Segments } from "@/ui/segments";

interface ChooserProps<Value extends string> {
  title: string;
  value: Value;
  choices: { value: Value; title: string; about: string }[];
  onChange: (value: Value) => void;
}

/** One of a few, with a sentence about the one that is chosen. */
export function Chooser<Value extends string>(props: ChooserProps<Value>) {
  const { title, value, choices, onChange } = props;
  return (
    <div className="flex min-w-0 flex-col items-start gap-1">
      <p aria-hidden="true" className="font-medium text-muted text-sm">
        {title}
      </p>
      <Segments label={title} value={value} onChange={onChange} options={choices} wraps />
      <p className="max-w-3xl text-faint text-xs">
        {choices.find((choice) => choice.value === value)?.about}
      </p>
    </div>
  );
}
