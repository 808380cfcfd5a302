import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const platform = process.env.PLATFORM_ORIGIN ?? "http://127.0.0.1:8000";
const docsAssets = ["swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"];

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

// Vite and Vitest read a default export.
export default defineConfig({
  plugins: [react(), tailwindcss(), docs()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: { outDir: "dist", emptyOutDir: true, target: "es2023" },
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: {
      "/api": platform,
      "/docs": platform,
      "/openapi.json": platform,
      "/healthz": platform,
      "/readyz": platform,
      "/ws": { target: platform, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["./vitest.setup.ts"],
    restoreMocks: true,
    passWithNoTests: true,
  },
});
