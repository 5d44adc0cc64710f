/** The time as the page shows it: read `now.value` in markup and it keeps up. */
export class Now {
  value = $state(Date.now());

  /** Keeps up every so many milliseconds while the component that calls it in an effect lives. */
  every(milliseconds: number): () => void {
    this.value = Date.now();
    const timer = setInterval(() => (this.value = Date.now()), milliseconds);
    return () => clearInterval(timer);
  }
}
