import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./app/style.css";
import { App } from "./app/app";
import { startTheme } from "./lib/theme";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
startTheme();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
