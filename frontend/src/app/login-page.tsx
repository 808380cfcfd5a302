import { Panels } from "./panels";

export function LoginPage() {
  return (
    <main className="m-auto flex w-full max-w-md flex-col gap-6 p-4">
      <header className="flex items-center gap-3">
        <img src="/favicon.svg" alt="" width="44" height="44" />
        <div>
          <h1 className="font-semibold text-2xl">Auto Trader</h1>
          <p className="text-muted">Solana tokens, traded on signals, explained step by step.</p>
        </div>
      </header>
      <Panels page="login" place="choices" />
    </main>
  );
}
