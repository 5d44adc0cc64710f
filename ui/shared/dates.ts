const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * Writes dates and times of a locale in one way. Making one takes a browser milliseconds, so each is
 * made once. Throws a `RangeError` for a time zone that is not known.
 */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, known);
  return known;
}
