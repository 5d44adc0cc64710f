import type { Answer, WindowEvent } from "$shared/types/messenger";
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Transport } from "./client";

/** The one command and the one event the desktop shell has. */
export const tauri: Transport = {
  command: (command) => invoke<Answer>("command", { command }),
  listen: (heard) => listen<WindowEvent>("window-event", (event) => heard(event.payload)),
};
