import { Panels } from "./panels";

/** Side by side from a laptop's width on; one below the other, chart first, on a phone. */
export function TradingPage() {
  return (
    <main className="flex min-h-0 flex-1 flex-col gap-2 p-2 xl:h-[calc(100dvh-3rem)] xl:min-h-[44rem] xl:flex-none">
      <h1 className="sr-only">Trading</h1>
      <Panels page="trading" place="strip" />
      <div className="grid min-h-0 flex-1 grid-cols-1 gap-2 md:grid-rows-[auto_1fr] xl:grid-rows-[minmax(0,1fr)] md:grid-cols-[minmax(0,1fr)_20rem] xl:grid-cols-[17.5rem_minmax(0,1fr)_21rem]">
        <div className="order-1 flex min-h-0 min-w-0 flex-col gap-2 xl:order-2">
          <Panels page="trading" place="centre" />
        </div>
        <div className="order-2 flex min-h-0 min-w-0 flex-col gap-2 md:row-span-2 xl:order-3 xl:row-span-1">
          <Panels page="trading" place="right" />
        </div>
        <div className="order-3 flex min-h-0 min-w-0 flex-col gap-2 xl:order-1">
          <Panels page="trading" place="left" />
        </div>
      </div>
    </main>
  );
}
