import { Link } from "@tanstack/react-router";

export function NotFound() {
  return (
    <main className="m-auto flex flex-col items-center gap-2 p-8 text-center">
      <h1 className="font-semibold text-xl">There is no such page</h1>
      <Link to="/" className="text-accent underline">
        To the trading page
      </Link>
    </main>
  );
}
