import { start } from "../start";
import { ANA, BEN, CARLA, DEV, HARBOUR, KITE, OMAR, REQUESTERS, TESS } from "./people";
import { FakeServer } from "./server";

const WISHES = [
  "The printer on floor 3 jams on every second page",
  "VPN drops every ten minutes when I work from home",
  "New colleague starts on Monday: needs a laptop and a badge",
  "Monitor stays black after the docking station update",
  "I cannot open the shared calendar of the warehouse",
];

/** Shows the console with a server in the page. `?empty`, `?many` and `?signed-out` choose what is there. */
const wish = new URLSearchParams(location.search);
const server = new FakeServer(() => Date.now());
server.signedIn = !wish.has("signed-out");
const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;
if (!wish.has("empty")) fill(wish.has("many") ? 10_000 : 12);

function fill(count: number): void {
  for (let number = count; number > 0; number -= 1) {
    const requester = REQUESTERS[number % REQUESTERS.length] ?? ANA;
    const conversation = server.ask(
      requester,
      WISHES[number % WISHES.length] ?? "",
      Date.now() - number * 2_700_000,
    );
    if (number % 4 === 1) server.assign(conversation.id, OMAR, OMAR, Date.now() - number * 2_600_000);
    if (number % 4 === 2)
      server.close(conversation.id, number % 8 === 2 ? TESS : OMAR, Date.now() - number * 2_500_000);
  }
  converse();
}

function converse(): void {
  const { id } = server.ask(
    ANA,
    "Outlook keeps asking for my password since this morning\n\nI changed it yesterday evening. Webmail works.",
    minutesAgo(48),
  );
  server.assign(id, TESS, TESS, minutesAgo(45));
  server.write(
    id,
    TESS,
    "Good morning Ana! Did you change it **on this laptop** or somewhere else?",
    "message",
    minutesAgo(44),
  );
  server.write(id, ANA.person, "On my phone, in the train.", "message", minutesAgo(41));
  server.write(
    id,
    OMAR,
    "Same as INC-2210 last week: stale entry in the credential store. See https://kb.deskbell.example/credentials",
    "note",
    minutesAgo(40),
  );
  server.write(
    id,
    TESS,
    "Thanks. Then the laptop still keeps the old one:\n\n1. Open *Credential Manager*\n2. Remove `MicrosoftOffice16_Data:…`\n3. Start Outlook again",
    "message",
    minutesAgo(38),
  );
  server.read.set(id, server.log.length);
  server.seenBy(id, "read");
  server.write(id, ANA.person, "It asks **once** and then it works 🎉", "message", minutesAgo(3));
  server.write(
    id,
    ANA.person,
    "But Teams on the phone now wants a code, is that right? https://login.example.com",
    "message",
    minutesAgo(2),
  );
  server.viewing(id, [OMAR]);
}

declare global {
  interface Window {
    fake: object;
  }
}
window.fake = { server, ANA, BEN, CARLA, DEV, TESS, OMAR, HARBOUR, KITE };
const target = document.getElementById("app");
if (target) start(target, server);
