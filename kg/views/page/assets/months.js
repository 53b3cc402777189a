// The bars of a histogram of days: months, or quarters or years where the span is long.

import { DAY } from './dates.js';

/**
 * Where the histogram begins and ends, given all days in order: where a hundredth of the posts is far from all others, its first
 * bar holds what is older, and its last what is newer.
 * @param {Int32Array} days
 * @returns {[first: number, last: number]}
 */
export function usual(days) {
  const [first, last] = [days[0], days[days.length - 1]];
  const early = days[Math.floor(days.length / 100)];
  const late = days[Math.ceil((days.length - 1) * 0.99)];
  return [late - early < (late - first) / 2 ? early : first, late - early < (last - early) / 2 ? late : last];
}

/**
 * Whether the last bar is not over: its last day is not the last of all posts.
 * @param {number[]} bins the first day of each bar
 * @param {number} last
 */
export function unfinished(bins, last) {
  const after = new Date((last + 1) * DAY);
  const length = bins.length > 1 ? Math.round((bins[1] - bins[0]) / 30.4) : 1;
  return after.getUTCDate() !== 1 || after.getUTCMonth() % length !== 0;
}

/**
 * The place of the last of rising numbers that is no larger than a value; 0 where none is.
 * @param {ArrayLike<number>} numbers
 * @param {number} value
 */
export function lastUpTo(numbers, value) {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (numbers[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The first day of each month (or of each year, of long spans) from one day to another.
 * @param {number} first
 * @param {number} last
 */
export function monthBins(first, last) {
  const start = new Date(first * DAY);
  const months = (last - first) / 30.4;
  const step = months > 480 ? 12 : months > 160 ? 3 : 1;
  const bins = [];
  let year = start.getUTCFullYear();
  let month = step === 12 ? 0 : start.getUTCMonth() - (start.getUTCMonth() % step);
  for (;;) {
    const begin = Math.floor(Date.UTC(year, month, 1) / DAY);
    if (begin > last) break;
    bins.push(begin);
    month += step;
    year += Math.floor(month / 12);
    month %= 12;
  }
  return bins;
}
