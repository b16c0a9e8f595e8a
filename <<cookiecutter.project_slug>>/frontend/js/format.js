// Writes dates and times as Django's date filter does.

const pad = (number) => String(number).padStart(2, "0");

// Django's format characters that themis/models/profile.py uses.
const PARTS = {
  Y: ({ year }) => year,
  m: ({ month }) => pad(month),
  n: ({ month }) => month,
  M: ({ month, names }) => names[month - 1],
  d: ({ day }) => pad(day),
  j: ({ day }) => day,
  H: ({ hour }) => pad(hour),
  G: ({ hour }) => hour,
  h: ({ hour }) => pad(hour % 12 || 12),
  g: ({ hour }) => hour % 12 || 12,
  i: ({ minute }) => pad(minute),
  A: ({ hour, names }) => names.at(hour < 12 ? -2 : -1),
};

/** `iso`: a date, a time or both, in ISO 8601. */
export function write(iso, { format, names }) {
  const [, year, month, day, hour, minute] =
    iso.match(/^(?:(\d{4,})-(\d\d)-(\d\d))?T?(?:(\d\d):(\d\d))?/) ?? [];
  if (!(format.includes("Y") ? year : hour)) return "";
  const parts = { year, month: +month, day: +day, hour: +hour, minute: +minute };
  return format.replace(/[YmnMdjHGhgiA]/g, (character) =>
    PARTS[character]({ ...parts, names: names.split("|") }),
  );
}
