import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import "./app/style.css";
import { App } from "./app/app";
import { afterFirstPaint } from "./lib/first-paint";
import { startTheme } from "./lib/theme";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
startTheme();
afterFirstPaint(() => {
  // In slices: a slow phone stays free to answer while the page is made.
  startTransition(() => {
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
  });
});
