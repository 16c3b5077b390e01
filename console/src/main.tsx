/**
 * Starts the console in the browser.
 */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import App from "./app/App";
import "./app/base.css";
import "./app/i18n";

createRoot(document.getElementById("console")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
