import type { Socket } from "./server/feed";
import { start } from "./start";

function openSocket(): Socket {
  const url = new URL("v1/feed", document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(url) as Socket;
}

const target = document.getElementById("app");
if (target) start(target, { fetch: (path, init) => fetch(path, init), openSocket });
