import "$shared/theme/tokens.css";
import "$shared/theme/base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { Client, type Transport } from "./client";

/** The imitation is only in builds for development and tests. */
async function transport(): Promise<Transport> {
  if (import.meta.env.DEV || import.meta.env.MODE === "fake")
    return (await import("./fake/scenes")).fakeFromAddress(location.search);
  return (await import("./tauri")).tauri;
}

const target = document.getElementById("window");
if (target) mount(App, { target, props: { client: new Client(await transport()) } });
