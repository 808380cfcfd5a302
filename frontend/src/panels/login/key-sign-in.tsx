import { useMutation } from "@tanstack/react-query";
import { FileUp, KeyRound } from "lucide-react";
import { type DragEvent, type FormEvent, useState } from "react";
import { readKeyFile } from "@/lib/signing";
import { Button } from "@/ui/button";
import { classes } from "@/ui/classes";
import { TextField } from "@/ui/field";
import { signInWithKey } from "./sign-in";

interface KeyFileProps {
  disabled: boolean;
  onFile: (file: File) => void;
}

/** Chooses the file that was downloaded when the wallet was made. */
function KeyFile({ disabled, onFile }: KeyFileProps) {
  return (
    <label className="relative -mr-2 inline-flex h-7 shrink-0 cursor-pointer items-center gap-1.5 rounded-md px-2 font-medium text-muted text-sm transition-colors focus-within:outline-2 focus-within:outline-accent hover:bg-hover hover:text-text">
      <FileUp size={14} aria-hidden="true" />
      Choose its file
      <input
        type="file"
        accept=".txt,.json,text/plain,application/json"
        disabled={disabled}
        className="absolute inset-0 w-full cursor-pointer opacity-0"
        onChange={({ target }) => {
          const file = target.files?.[0];
          // The same file, chosen again, is a new try.
          target.value = "";
          if (file) onFile(file);
        }}
      />
    </label>
  );
}

/** Takes a paper wallet's key: typed, pasted, or as the file, chosen or dropped. */
export function KeySignIn({ onSignedIn }: { onSignedIn: (wallet: string) => void }) {
  const [key, setKey] = useState("");
  const [over, setOver] = useState(false);
  const signIn = useMutation({
    mutationFn: async (given: string | File) =>
      signInWithKey(given instanceof File ? await readKeyFile(given) : given),
    onSuccess: onSignedIn,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate(key);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && !signIn.isPending) signIn.mutate(file);
  };
  return (
    <form
      aria-labelledby="with-a-key"
      onSubmit={submit}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classes(
        "flex flex-col gap-2 rounded-lg border p-3 transition-colors sm:p-4",
        over ? "border-accent bg-accent-soft" : "border-line bg-surface",
      )}
    >
      <div className="flex items-center justify-between gap-2">
        <h2 id="with-a-key" className="font-semibold text-lg">
          I have a key
        </h2>
        <KeyFile disabled={signIn.isPending} onFile={(file) => signIn.mutate(file)} />
      </div>
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            label="Secret key (base58)"
            type="password"
            autoComplete="off"
            spellCheck={false}
            value={key}
            onChange={(event) => setKey(event.target.value)}
            aria-describedby="key-stays"
          />
        </div>
        <Button type="submit" busy={signIn.isPending} disabled={key.trim() === ""}>
          <KeyRound size={15} aria-hidden="true" />
          Sign in
        </Button>
      </div>
      <p id="key-stays" className="text-faint text-xs">
        It signs in this browser and is sent nowhere.
      </p>
      {signIn.isError && (
        <p role="alert" className="break-words text-down">
          {signIn.error.message}
        </p>
      )}
    </form>
  );
}
