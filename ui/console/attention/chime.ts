/** Two notes for a request, one for a message: frequency in Hz, start and length in seconds. */
const TUNES = {
  request: [
    { hertz: 784, at: 0, seconds: 0.5 },
    { hertz: 1047, at: 0.16, seconds: 0.7 },
  ],
  message: [{ hertz: 880, at: 0, seconds: 0.35 }],
} as const;

const LOUDNESS = 0.12;

/** A short bell. Made in the browser: there is no sound file to load. */
export class Chime {
  #context: AudioContext | null = null;

  /** A browser lets a page sound only after its person has used it: call this on a click or key. */
  wake(): void {
    if (typeof AudioContext === "undefined") return;
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") void this.#context.resume().catch(() => undefined);
  }

  ring(tune: keyof typeof TUNES): void {
    const context = this.#context;
    if (context?.state !== "running") return;
    for (const note of TUNES[tune]) strike(context, note.hertz, context.currentTime + note.at, note.seconds);
  }
}

function strike(context: AudioContext, hertz: number, at: number, seconds: number): void {
  const tone = new OscillatorNode(context, { type: "sine", frequency: hertz });
  const loudness = new GainNode(context, { gain: 0 });
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  loudness.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
  tone.connect(loudness).connect(context.destination);
  tone.start(at);
  tone.stop(at + seconds);
}
