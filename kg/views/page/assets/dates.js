// Days, counted from 1970-01-01 as the packed data counts them.

export const NO_DATE = -(2 ** 31);
export const DAY = 86_400_000;

/**
 * Days since 1970 as 2026-01-31, or "".
 * @param {number} days
 */
export function day(days) {
  return days === NO_DATE ? '' : new Date(days * DAY).toISOString().slice(0, 10);
}

/**
 * The other way round; NaN for what is no date.
 * @param {string} text
 */
export function daysOf(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? Math.floor(Date.parse(text) / DAY) : NaN;
}
