// Parses each file given and prints how many statements it holds, one JSON object in all.
"use strict";

const fs = require("fs");
const path = require("path");
const { Parser } = require("n3");

const FORMATS = { ".ttl": "text/turtle", ".nt": "application/n-triples", ".nq": "application/n-quads", ".trig": "application/trig" };

const counts = {};
for (const file of process.argv.slice(2)) {
  const name = path.basename(file);
  counts[name] = new Parser({ format: FORMATS[path.extname(file)] }).parse(fs.readFileSync(file, "utf8")).length;
}
process.stdout.write(JSON.stringify(counts));
