// Copying.

import { element } from './dom.js';
import { toast } from './messages.js';
import { words } from './words.js';

/**
 * Copy a text, and say so.
 * @param {string} text
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page opened from disk may not be allowed the clipboard; the old way still works there.
    const area = element('textarea', { class: 'offscreen', 'aria-hidden': 'true' });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  toast(words.say('copied'));
}
