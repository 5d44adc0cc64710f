import type { Say } from "$shared/text/texts";
import { withoutDirection } from "$shared/link";
import { plainLine } from "$shared/markdown/parse";
import type { Announcement } from "../model/announcement";

/** An announcement in words: what happened, in which conversation, and what was written. */
export interface Words {
  title: string;
  conversation: string;
  text: string;
}

export function wordsOf(say: Say, announcement: Announcement): Words {
  const { conversation } = announcement;
  const number = conversation.ticket?.number;
  const subject = plainLine(conversation.subject, 160);
  return {
    title: titleOf(say, announcement),
    conversation: number ? `${number} · ${subject}` : subject,
    text: textOf(say, announcement),
  };
}

function titleOf(say: Say, announcement: Announcement): string {
  if (announcement.kind === "new_request") return say("console-card-request");
  if (announcement.kind === "assigned_to_me") return say("console-card-assigned", { name: announcement.by });
  const name = withoutDirection(announcement.message.author?.name ?? "");
  return announcement.kind === "note"
    ? say("console-card-note", { name })
    : say("console-card-message", { name });
}

function textOf(say: Say, announcement: Announcement): string {
  if ("message" in announcement) return plainLine(announcement.message.body, 160);
  const { requester, organization } = announcement.conversation;
  return say("console-card-request-from", {
    name: withoutDirection(requester.name),
    organization: withoutDirection(organization.name),
  });
}
