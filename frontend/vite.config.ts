import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin, Rolldown } from "vite";
import { defineConfig } from "vitest/config";

const platform = process.env.PLATFORM_ORIGIN ?? "http://127.0.0.1:8000";
const docsAssets = ["swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"];

/**
 * What every page needs comes as two files instead of twenty: a connection is asked for one at a
 * time, and what stands together packs better. Libraries change seldom and stay in the cache.
 * What the chart shares with other pages is one file instead of five small ones.
 */
const groups: Rolldown.CodeSplittingGroup[] = [
  { name: "libraries", test: /[\\/]node_modules[\\/]/, tags: ["$initial"], priority: 2 },
  { name: "dashboard", tags: ["$initial"], priority: 1 },
  { name: "shared", test: /src[\\/](ui[\\/](twin|segments)|lib[\\/]settings[\\/]|api[\\/]ground)/ },
];

/** Puts the API page's script and style beside the dashboard, so that /docs asks no other host. */
function docs(): Plugin {
  const require = createRequire(import.meta.url);
  return {
    name: "docs-assets",
    apply: "build",
    generateBundle() {
      for (const name of docsAssets) {
        const source = readFileSync(require.resolve(`swagger-ui-dist/${name}`));
        this.emitFile({ type: "asset", fileName: `docs-assets/${name}`, source });
      }
    },
  };
}

/** Lets style come before scripts: the page's name stands there while the scripts are on their way. */
function styleFirst(): Plugin {
  return {
    name: "style-first",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html) =>
        html.replace(
          /<(?:script type="module"|link rel="modulepreload") /g,
          '$&fetchpriority="low" ',
        ),
    },
  };
}

/** Packs what browsers load as tightly as they can read it: the platform serves `x.js.br` for `x.js`. */
function packed(): Plugin {
  const pack = promisify(brotliCompress);
  const texts = /^assets\/.*\.(js|css)$/;
  return {
    name: "packed-assets",
    apply: "build",
    async writeBundle({ dir = "" }, bundle) {
      const files = Object.values(bundle).filter((it) => texts.test(it.fileName));
      const write = async (file: Rolldown.OutputAsset | Rolldown.OutputChunk) => {
        const text = file.type === "chunk" ? file.code : file.source;
        await writeFile(join(dir, `${file.fileName}.br`), await pack(text));
      };
      await Promise.all(files.map(write));
    },
  };
}

// Vite and Vitest read a default export.
export default defineConfig({
  plugins: [react(), tailwindcss(), docs(), styleFirst(), packed()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: {
    host: "127.0.0.1",
    port: 5173,
    // The platform answers a page that comes from the host it asks: the host stays as it was asked.
    proxy: {
      "/api": { target: platform },
      "/docs": { target: platform },
      "/openapi.json": { target: platform },
      "/healthz": { target: platform },
      "/readyz": { target: platform },
      "/ws": { target: platform, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["./vitest.setup.ts"],
    restoreMocks: true,
    // One page for the files of a worker: making one for each took ten times as long as the tests.
    isolate: false,
    // A busy machine is no fault of what is tested.
    testTimeout: 20_000,
    passWithNoTests: true,
  },
});
