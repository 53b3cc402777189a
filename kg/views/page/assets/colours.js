// Colours.

/** @typedef {[red: number, green: number, blue: number]} Colour each in 0..255 */

/**
 * A colour as `getComputedStyle` or the style sheet writes it; grey where it is not understood.
 * @param {string} colour
 * @returns {Colour}
 */
export function rgb(colour) {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour.trim());
  if (hex) return [parseInt(hex[1].slice(0, 2), 16), parseInt(hex[1].slice(2, 4), 16), parseInt(hex[1].slice(4, 6), 16)];
  const [red = 128, green = 128, blue = 128] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}

/**
 * A colour for a style sheet or a 2D context.
 * @param {Colour} colour
 * @param {number} alpha
 */
export function css([red, green, blue], alpha = 1) {
  return `rgba(${Math.round(red)},${Math.round(green)},${Math.round(blue)},${alpha})`;
}

/**
 * Two colours, mixed.
 * @param {Colour} first
 * @param {Colour} second
 * @param {number} share of the second, in 0..1
 * @returns {Colour}
 */
export function mixed([r, g, b], [red, green, blue], share) {
  return [r * (1 - share) + red * share, g * (1 - share) + green * share, b * (1 - share) + blue * share];
}

/**
 * A colour by hue, saturation and lightness.
 * @param {number} hue in degrees
 * @param {number} saturation in 0..1
 * @param {number} lightness in 0..1
 * @returns {Colour}
 */
export function hslToRgb(hue, saturation, lightness) {
  const a = saturation * Math.min(lightness, 1 - lightness);
  const channel = (/** @type {number} */ n) => {
    const k = (n + hue / 30) % 12;
    return 255 * (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}
