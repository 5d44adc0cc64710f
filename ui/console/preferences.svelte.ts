import { chooseLocale } from "$shared/text/texts";
import type { Kept } from "./desk/surroundings";

export type Theme = "system" | "light" | "dark";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** What one person likes, in this browser. */
export class Preferences {
  #theme = $state<Theme>("system");
  /** BCP 47; empty for the browser's. */
  #language = $state("");
  #sound = $state(true);
  #notifications = $state(false);
  #details = $state(true);
  readonly #kept: Kept;
  readonly #wished: readonly string[];

  /** `wished` are the browser's languages, best first. */
  constructor(kept: Kept, wished: readonly string[]) {
    this.#kept = kept;
    this.#wished = wished;
    this.#theme = THEMES.find((theme) => theme === kept.getItem("deskbell.theme")) ?? "system";
    this.#language = kept.getItem("deskbell.language") ?? "";
    this.#sound = kept.getItem("deskbell.sound") !== "off";
    this.#notifications = kept.getItem("deskbell.notifications") === "on";
    this.#details = kept.getItem("deskbell.details") !== "off";
  }

  get locale(): string {
    return chooseLocale(this.#language === "" ? this.#wished : [this.#language]);
  }

  get theme(): Theme {
    return this.#theme;
  }
  set theme(theme: Theme) {
    this.#theme = theme;
    this.#kept.setItem("deskbell.theme", theme);
  }

  get language(): string {
    return this.#language;
  }
  set language(language: string) {
    this.#language = language;
    this.#kept.setItem("deskbell.language", language);
  }

  get sound(): boolean {
    return this.#sound;
  }
  set sound(on: boolean) {
    this.#sound = on;
    this.#keep("deskbell.sound", on);
  }

  get notifications(): boolean {
    return this.#notifications;
  }
  set notifications(on: boolean) {
    this.#notifications = on;
    this.#keep("deskbell.notifications", on);
  }

  /** The facts beside the chat. */
  get details(): boolean {
    return this.#details;
  }
  set details(on: boolean) {
    this.#details = on;
    this.#keep("deskbell.details", on);
  }

  #keep(key: string, on: boolean): void {
    this.#kept.setItem(key, on ? "on" : "off");
  }
}
