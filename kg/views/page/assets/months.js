// The bars of a histogram of days: months, or quarters or years where the span is long.

import { DAY } from './dates.js';

/**
 * Where the histogram begins, given all days in order: its first bar holds what is older than all but a hundredth of the posts.
 * @param {Int32Array} days
 */
export function beginning(days) {
  const early = days[Math.floor(days.length / 100)];
  const [first, last] = [days[0], days[days.length - 1]];
  return last - early < (last - first) / 2 ? early : first;
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
