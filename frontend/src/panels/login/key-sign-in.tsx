import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { signInWithKey } from "./sign-in";

export function KeySignIn({ onSignedIn }: { onSignedIn: (wallet: string) => void }) {
  const [key, setKey] = useState("");
  const signIn = useMutation({ mutationFn: signInWithKey, onSuccess: onSignedIn });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate(key);
  };
  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4"
    >
      <h2 className="font-semibold text-lg">I have a key</h2>
      <TextField
        label="Secret key (base58)"
        type="password"
        autoComplete="off"
        spellCheck={false}
        required
        value={key}
        onChange={(event) => setKey(event.target.value)}
        aria-describedby="key-stays"
      />
      <p id="key-stays" className="text-faint text-sm">
        It signs a message in this browser and is sent nowhere.
      </p>
      {signIn.isError && (
        <p role="alert" className="text-down">
          {signIn.error.message}
        </p>
      )}
      <Button type="submit" busy={signIn.isPending} disabled={key.trim() === ""}>
        <KeyRound size={15} aria-hidden="true" />
        Sign in
      </Button>
    </form>
  );
}
