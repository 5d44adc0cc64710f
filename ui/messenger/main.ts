import "$shared/theme/tokens.css";
import "$shared/theme/base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { Client, type Transport } from "./client";
import { tauri } from "./tauri";

function open(transport: Transport): void {
  const target = document.getElementById("window");
  if (target) mount(App, { target, props: { client: new Client(transport) } });
}

/** The imitation is only in builds for development and tests; the window waits for nothing. */
if (import.meta.env.DEV || import.meta.env.MODE === "fake")
  void import("./fake/scenes").then(({ fakeFromAddress }) => open(fakeFromAddress(location.search)));
else open(tauri);
