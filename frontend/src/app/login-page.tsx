import { Panels } from "./panels";
import { ThemeToggle } from "./theme-toggle";

export function LoginPage() {
  return (
    <main className="m-auto grid w-full max-w-md gap-4 p-3 sm:p-4 lg:mt-[clamp(0rem,12dvh,8rem)] lg:max-w-6xl lg:grid-cols-[27rem_minmax(0,1fr)] lg:items-start lg:gap-x-16 lg:p-8">
      <div className="flex min-w-0 flex-col gap-3 lg:gap-5">
        <header className="flex items-center gap-3">
          <img src="/favicon.svg" alt="" width="36" height="36" />
          <div className="min-w-0 flex-1">
            <h1 className="font-semibold text-xl">Auto Trader</h1>
            <p className="text-muted">Solana tokens, traded on signals</p>
          </div>
          <ThemeToggle />
        </header>
        <Panels page="login" place="choices" />
      </div>
      <Panels page="login" place="aside" />
    </main>
  );
}
