import { defineConfig } from "@hey-api/openapi-ts";

// `make types` names the input and may name another output.
export default defineConfig({
  input: "../.tools/openapi.json",
  output: "src/api/generated",
  plugins: [
    "@hey-api/typescript",
    "@hey-api/client-fetch",
    "@hey-api/sdk",
    "@tanstack/react-query",
  ],
});
