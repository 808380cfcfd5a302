import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./app/style.css";
import { Shell } from "./app/shell";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Shell />
  </StrictMode>,
);
