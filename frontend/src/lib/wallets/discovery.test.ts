import { expect, it, test } from "vitest";
import { solanaWallets } from "./discovery";
import { makeWallet } from "./fake";
import { safeIcon } from "./icon";

test.each([
  ["data:image/png;base64,iVBORw0KGgo=", true],
  ["data:image/svg+xml;base64,PHN2Zz4=", true],
  ["https://evil.example/icon.png", false],
  ["//evil.example/icon.png", false],
  ["data:text/html;base64,PGI+", false],
  ["data:image/svg+xml,<svg onload=alert(1)>", false],
  ["javascript:alert(1)", false],
  [`data:image/png;base64,${"A".repeat(400_000)}`, false],
  [undefined, false],
])("the icon %.40s is shown: %s", (icon, shown) => {
  expect(safeIcon(icon) !== null).toBe(shown);
});

it("finds what knows a Solana chain, by name, with the ways it can sign in", async () => {
  const registered = await Promise.all([
    makeWallet({ name: "Solflare", can: ["signMessage"] }),
    makeWallet({ name: "MetaMask", chains: ["eip155:1"] }),
    makeWallet({ name: "Backpack", chains: ["eip155:1", "solana:devnet"] }),
    makeWallet({ name: "Watcher", can: [] }),
  ]);
  expect(solanaWallets(registered).map(({ name, ways }) => [name, ways])).toEqual([
    ["Backpack", ["text", "bytes"]],
    ["Solflare", ["bytes"]],
    ["Watcher", []],
  ]);
});

it("keeps two of one name apart and cleans what a name hides", async () => {
  const wallets = [await makeWallet(), await makeWallet(), await makeWallet({ name: "\u202E" })];
  const found = solanaWallets(wallets);
  expect(new Set(found.map(({ key }) => key)).size).toBe(3);
  expect(found.map(({ name }) => name)).toContain("A wallet without a name");
});
