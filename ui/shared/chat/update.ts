import type { Say } from "../text/texts";
import type { MessageView } from "../types/messenger";

/** What an update tells, in words. */
export function updateText(say: Say, line: Pick<MessageView, "update" | "author">): string {
  const update = line.update;
  switch (update?.type) {
    case "ticket_created":
      return say("update-ticket-created", { number: update.ticket.number });
    case "assigned":
      return say("update-assigned", { name: update.technician.name });
    case "status_changed":
      return say("update-status", { status: update.label ?? say(`status-${update.status}`) });
    case "closed":
      return line.author ? say("update-closed-by", { name: line.author.name }) : say("update-closed");
    default:
      return say("update-unknown");
  }
}
