// Formats dates and times as Django's date filter does.

const pad = (number) => String(number).padStart(2, "0");
const byMonth = ({ month, words }) => words[month - 1];
const byWeekday = ({ weekday, words }) => words[weekday];
const byHalf = ({ hour, words }) => words[hour < 12 ? 0 : 1];

// The format characters that themis/formatting/format_characters.py can read.
const PARTS = {
  Y: ({ year }) => year,
  m: ({ month }) => pad(month),
  n: ({ month }) => month,
  M: byMonth,
  N: byMonth,
  F: byMonth,
  E: byMonth,
  d: ({ day }) => pad(day),
  j: ({ day }) => day,
  D: byWeekday,
  l: byWeekday,
  H: ({ hour }) => pad(hour),
  G: ({ hour }) => hour,
  h: ({ hour }) => pad(hour % 12 || 12),
  g: ({ hour }) => hour % 12 || 12,
  i: ({ minute }) => pad(minute),
  A: byHalf,
  a: byHalf,
};

/** `iso`: a date, a time or both, in ISO 8601. `names`: words by character, as JSON. */
export function write(iso, { format, names }) {
  const [, year, month, day, hour, minute] =
    iso.match(/^(?:(\d{4,})-(\d\d)-(\d\d))?T?(?:(\d\d):(\d\d))?/) ?? [];
  if (!(/(?<!\\)Y/.test(format) ? year : hour)) return "";
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const weekday = date.getUTCDay();
  const parts = { year, month: +month, day: +day, weekday, hour: +hour, minute: +minute };
  const words = JSON.parse(names);
  return format.replace(/\\(.)|[YmnMNFEdjDlHGhgiAa]/g, (character, literal) =>
    literal ?? PARTS[character]({ ...parts, words: words[character] }),
  );
}
