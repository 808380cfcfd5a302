import { useEffect, useRef, useState } from "react";
import { TextField } from "./field";

interface SearchFieldProps {
  label: string;
  value: string;
  placeholder?: string;
  maxLength?: number;
  /** Told once the typing rests. */
  onChange: (value: string) => void;
}

const RESTS_AFTER = 300;

/** A text to look for. */
export function SearchField({ label, value, placeholder, maxLength, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  // What is set from outside, by a button that clears, is shown.
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => latest.current(text.trim()), RESTS_AFTER);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <TextField
      label={label}
      type="search"
      value={text}
      placeholder={placeholder}
      maxLength={maxLength}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
