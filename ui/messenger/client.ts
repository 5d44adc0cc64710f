import { asFailure } from "$shared/failure";
import type {
  Answer,
  AppView,
  ArticlesView,
  CheckView,
  ChatView,
  Command,
  ConversationPage,
  DevicesView,
  LinkDecision,
  MessagePage,
  SessionsView,
  WindowEvent,
} from "$shared/types/messenger";

/** What the headless client answers to each command; all others are just done. */
interface Answers {
  app: AppView;
  conversations: ConversationPage;
  open_chat: ChatView;
  older_messages: MessagePage;
  devices: DevicesView;
  start_conversation: { id: string };
  articles: ArticlesView;
  sessions: SessionsView;
  open_link: LinkDecision;
  check_computer: CheckView;
}
type AnswerTo<T extends Command["type"]> = T extends keyof Answers ? Answers[T] : unknown;

/** The way to the headless client: Tauri's in the product, an imitation in a browser. */
export interface Transport {
  /** Rejects with a `Failure`. */
  command(command: Command): Promise<Answer>;
  /** Hears events until the returned function is called. */
  listen(heard: (event: WindowEvent) => void): Promise<() => void>;
}

/** The headless client, as the window sees it. Everything goes through here. */
export class Client {
  constructor(private readonly transport: Transport) {}

  /** Asks for something. Throws a `Failure`, whatever went wrong. */
  async ask<C extends Command>(command: C): Promise<AnswerTo<C["type"]>> {
    try {
      const answer = await this.transport.command(command);
      return answer.value as AnswerTo<C["type"]>;
    } catch (thrown) {
      throw asFailure(thrown);
    }
  }

  /** Tells something whose failure changes nothing for the user. */
  tell(command: Command): void {
    this.ask(command).catch(() => {});
  }

  /** Hears events until the returned function is called. */
  listen(heard: (event: WindowEvent) => void): () => void {
    const stop = this.transport.listen(heard);
    return () => void stop.then((end) => end());
  }
}
