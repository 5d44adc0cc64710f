/** Where this console stands in the feed. `seq` is unknown until the first event. */
export interface Place {
  cursor: string | null;
  seq: number | null;
}

export type Verdict = "next" | "duplicate" | "gap";

/** What an event with number `seq` is to a reader at `place`. */
export function verdict(place: Place, seq: number): Verdict {
  if (place.seq === null || seq === place.seq + 1) return "next";
  return seq <= place.seq ? "duplicate" : "gap";
}
