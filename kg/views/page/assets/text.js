// Text of posts: what of it may be shown, how much of it, and which of it may be followed.

// Controls, and the characters that reorder text (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters).
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Text as it may be shown: without controls that hide or reorder it.
 * @param {string} text
 */
export function plain(text) {
  return text.replace(UNSEEN, '');
}

/**
 * A text without the asterisks of Markdown that make words strong or emphatic.
 * @param {string} text
 */
export function unmarked(text) {
  return text.replace(/(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1/g, '$2');
}

const graphemes = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter() : null;

/**
 * At most `length` user-perceived characters; an ellipsis shows that something was cut.
 * @param {string} text
 * @param {number} length
 */
export function clip(text, length) {
  if (text.length <= length) return text;
  const head = text.slice(0, length * 4);
  const parts = graphemes ? Array.from(graphemes.segment(head), (part) => part.segment) : Array.from(head);
  if (parts.length <= length && head.length === text.length) return text;
  return parts.slice(0, length - 1).join('').trimEnd() + '…';
}

/**
 * Only these may be followed; everything else a post calls its source is shown as text.
 * @param {string} text
 */
export function isWebAddress(text) {
  if (!/^https?:\/\//i.test(text)) return false;
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}
