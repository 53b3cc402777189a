// The programs that the graphics card runs (GLSL ES 3.00, https://registry.khronos.org/OpenGL/specs/es/3.0/).
// Colours are premultiplied by their alpha wherever they are blended.

const VIEW = `#version 300 es
precision highp float;
uniform vec2 u_centre;   // of the picture, in map coordinates
uniform vec2 u_scale;    // map coordinates to clip coordinates
vec4 place(vec2 position) { return vec4((position - u_centre) * u_scale, 0.0, 1.0); }
`;

const NODE_VERTICES = `${VIEW}
layout(location = 0) in vec2 a_position;
layout(location = 1) in vec4 a_colour;
layout(location = 2) in uvec2 a_look;         // radius in quarters of a pixel at zoom 1, shape
layout(location = 3) in uint a_state;
uniform float u_growth;  // pixels of the canvas per pixel at zoom 1
uniform float u_least;   // no node is drawn smaller than this, in pixels of the canvas
uniform float u_most;
uniform float u_alpha;   // how opaque they are
out vec4 v_colour;
flat out uint v_shape;
flat out float v_radius;
flat out float v_reach;   // half the side of the square that is drawn
void main() {
  float radius = clamp(float(a_look.x) * 0.25 * u_growth, u_least, u_most);
  if (a_state >= 4u) radius = max(radius * 1.15, u_least * 3.0);
  v_radius = radius;
  v_shape = a_look.y;
  v_colour = vec4(a_colour.rgb, (a_state == 1u ? 0.10 : a_state == 2u ? 0.16 : 1.0) * u_alpha);
  v_reach = radius + (radius < 2.5 ? 0.6 : 1.5);
  gl_PointSize = 2.0 * v_reach;
  gl_Position = place(a_position);
}`;

const STROKE_PIXELS = `#version 300 es
precision mediump float;
in float v_across;
in vec4 v_colour;
flat in float v_half;
out vec4 colour;
void main() {
  float alpha = v_colour.a * clamp(v_half - abs(v_across) + 0.5, 0.0, 1.0);
  colour = vec4(v_colour.rgb * alpha, alpha);
}`;

// States of a node, as bytes: see STATE in renderer.js.
export const SHADERS = {
  land: [
    `${VIEW}
in vec2 a_corner;
uniform vec4 u_extent;   // left, bottom, width, height of the land in map coordinates
out vec2 v_place;
void main() {
  v_place = a_corner;
  gl_Position = place(u_extent.xy + a_corner * u_extent.zw);
}`,
    `#version 300 es
precision mediump float;
in vec2 v_place;
uniform sampler2D u_land;  // rgb: the mixture of tints; a: how densely it is settled
uniform float u_strength;
uniform float u_dark;
out vec4 colour;
void main() {
  vec4 land = texture(u_land, v_place);
  float shore = smoothstep(0.05, 0.16, land.a);
  float inland = smoothstep(0.16, 0.9, land.a);
  float alpha = u_strength * (shore * 0.55 + inland * 0.45);
  colour = vec4(land.rgb * alpha, alpha);
}`,
  ],

  edges: [
    `${VIEW}
in vec2 a_position;
in vec4 a_tint;          // of the region that the end lies in
uniform vec3 u_edge;
out vec3 v_colour;
void main() {
  v_colour = mix(u_edge, a_tint.rgb, 0.7);
  gl_Position = place(a_position);
}`,
    `#version 300 es
precision mediump float;
in vec3 v_colour;
uniform float u_alpha;
out vec4 colour;
void main() { colour = vec4(v_colour * u_alpha, u_alpha); }`,
  ],

  copy: [
    `#version 300 es
out vec2 v_place;
void main() {
  v_place = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
  gl_Position = vec4(v_place * 2.0 - 1.0, 0.0, 1.0);
}`,
    `#version 300 es
precision mediump float;
in vec2 v_place;
uniform sampler2D u_picture;
uniform float u_alpha;
out vec4 colour;
void main() { colour = texture(u_picture, v_place) * u_alpha; }`,
  ],

  nodes: [
    NODE_VERTICES,
    `#version 300 es
precision mediump float;
in vec4 v_colour;
flat in uint v_shape;
flat in float v_radius;
flat in float v_reach;
uniform vec3 u_rim;
out vec4 colour;

// Distance to a regular polygon with circumradius 1, one corner at angle \`turn\`.
float ngon(vec2 p, float corners, float turn) {
  float half_angle = 3.14159265 / corners;
  float angle = atan(p.y, p.x) - turn;
  float folded = mod(angle, 2.0 * half_angle) - half_angle;
  return length(p) * cos(folded) - cos(half_angle);
}

float distance_to_shape(vec2 p) {
  const float UP = 1.57079633;
  switch (int(v_shape)) {
    case 1: return max(abs(p.x), abs(p.y)) - 0.8;
    case 2: return (abs(p.x) + abs(p.y) - 1.0) * 0.7071;
    case 3: return ngon(p, 3.0, UP);
    case 4: return ngon(p, 6.0, 0.0);
    case 5: return ngon(p, 3.0, -UP);
    case 6: return abs(length(p) - 0.72) - 0.25;
    case 7: return min(max(abs(p.x) - 1.0, abs(p.y) - 0.33), max(abs(p.x) - 0.33, abs(p.y) - 1.0));
    case 8: {
      float fold = 0.62831853;
      float angle = abs(mod(atan(p.y, p.x) - UP + fold, 2.0 * fold) - fold);
      vec2 q = length(p) * vec2(cos(angle), sin(angle));
      // The edge from the outer corner (1, 0) to the inner one at angle fold, radius 0.5.
      vec2 edge = vec2(0.5 * cos(fold) - 1.0, 0.5 * sin(fold));
      return dot(q - vec2(1.0, 0.0), normalize(vec2(edge.y, -edge.x)));
    }
    case 9: return ngon(p, 5.0, UP);
    case 10: {
      vec2 q = vec2(p.x + p.y, p.x - p.y) * 0.7071;
      return min(max(abs(q.x) - 1.0, abs(q.y) - 0.3), max(abs(q.x) - 0.3, abs(q.y) - 1.0));
    }
    case 11: return abs(max(abs(p.x), abs(p.y)) - 0.62) - 0.23;
    default: return length(p) - 1.0;
  }
}

void main() {
  vec2 p = (gl_PointCoord - 0.5) * vec2(2.0, -2.0) * v_reach / v_radius;
  float outside = distance_to_shape(p) * v_radius;  // in pixels
  float cover = clamp(0.5 - outside, 0.0, 1.0);
  float alpha = cover * v_colour.a;
  // A thin rim in the colour of the ground keeps neighbours apart.
  float rim = v_radius > 3.0 ? clamp(outside + 1.6, 0.0, 1.0) * 0.75 : 0.0;
  colour = vec4(mix(v_colour.rgb, u_rim, rim) * alpha, alpha);
}`,
  ],

  // Nodes too small for a shape.
  dots: [
    NODE_VERTICES,
    `#version 300 es
precision mediump float;
in vec4 v_colour;
flat in float v_radius;
flat in float v_reach;
out vec4 colour;
void main() {
  float away = length(gl_PointCoord - 0.5) * 2.0 * v_reach;
  float alpha = clamp(v_radius + 0.5 - away, 0.0, 1.0) * v_colour.a;
  colour = vec4(v_colour.rgb * alpha, alpha);
}`,
  ],

  strokes: [
    `${VIEW}
in vec2 a_from;
in vec2 a_to;
in vec4 a_colour;
in float a_width;
uniform vec2 u_size;     // of the canvas, in pixels
out float v_across;
out vec4 v_colour;
flat out float v_half;
void main() {
  vec2 from = place(a_from).xy * u_size * 0.5;
  vec2 to = place(a_to).xy * u_size * 0.5;
  vec2 along = to - from;
  float span = length(along);
  along = span > 0.0 ? along / span : vec2(1.0, 0.0);
  float across = gl_VertexID % 2 == 0 ? -1.0 : 1.0;
  float reach = a_width * 0.5 + 1.0;
  vec2 at = (gl_VertexID < 2 ? from : to) + vec2(-along.y, along.x) * across * reach;
  v_across = across * reach;
  v_half = a_width * 0.5;
  v_colour = a_colour;
  gl_Position = vec4(at / (u_size * 0.5), 0.0, 1.0);
}`,
    STROKE_PIXELS,
  ],

  // Ties: quadratic Bézier curves, as strips of so many pieces.
  ties: [
    `${VIEW}
in vec2 a_from;
in vec2 a_bend;
in vec2 a_to;
in vec4 a_colour;
in float a_width;
uniform vec2 u_size;
uniform float u_pieces;
uniform float u_strength;
out float v_across;
out vec4 v_colour;
flat out float v_half;
void main() {
  vec2 from = place(a_from).xy * u_size * 0.5;
  vec2 bend = place(a_bend).xy * u_size * 0.5;
  vec2 to = place(a_to).xy * u_size * 0.5;
  float t = float(gl_VertexID / 2) / u_pieces;
  vec2 along = mix(bend - from, to - bend, t);
  float span = length(along);
  along = span > 0.0 ? along / span : vec2(1.0, 0.0);
  float across = gl_VertexID % 2 == 0 ? -1.0 : 1.0;
  float reach = a_width * 0.5 + 1.0;
  vec2 at = mix(mix(from, bend, t), mix(bend, to, t), t) + vec2(-along.y, along.x) * across * reach;
  v_across = across * reach;
  v_half = a_width * 0.5;
  v_colour = vec4(a_colour.rgb, a_colour.a * u_strength);
  gl_Position = vec4(at / (u_size * 0.5), 0.0, 1.0);
}`,
    STROKE_PIXELS,
  ],
};
