// Parses each file given and prints how many statements it holds, one JSON object in all.
"use strict";

const fs = require("fs");
const path = require("path");
const { Parser } = require("n3");

const FORMATS = {
  ".ttl": "text/turtle",
  ".nt": "application/n-triples",
  ".nq": "application/n-quads",
  ".trig": "application/trig",
};

const counts = {};
for (const file of process.argv.slice(2)) {
  let count = 0;
  // Given a string and a callback, the parser hands over statement after statement and keeps none.
  new Parser({ format: FORMATS[path.extname(file)] }).parse(fs.readFileSync(file, "utf8"), (error, quad) => {
    if (error) throw error;
    if (quad) count += 1;
    else counts[path.basename(file)] = count;
  });
}
process.on("exit", () => process.stdout.write(JSON.stringify(counts)));
