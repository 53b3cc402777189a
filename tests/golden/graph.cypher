CREATE CONSTRAINT kg_iri IF NOT EXISTS FOR (n:Node) REQUIRE n.iri IS UNIQUE;
UNWIND [
{iri: 'https://kg.example/concept/资本支出', label: '资本支出', kind: 'concept', aliases: ['CAPEX'], definitions: ['企业为购置长期资产而花的钱。', 'Money spent on what lasts.'], label_en: 'capital expenditure'}
] AS row MERGE (n:Node {iri: row.iri}) SET n = row, n:Concept;
UNWIND [
{iri: 'https://kg.example/organization/nvidia', label: 'Nvidia', kind: 'organization', aliases: ['NVIDIA', '輝達', '\'nvidia'], former: ['https://kg.example/organization/英伟达'], label_zh: '英伟达', merges: ['英伟达 = Nvidia; 0.97; ledger; gloss 175 (2024/你好 世界.md:12, plain.md:3), ledger 1'], same_as: ['http://www.wikidata.org/entity/Q182477'], url: 'https://www.example.org/'}
] AS row MERGE (n:Node {iri: row.iri}) SET n = row, n:Organization;
UNWIND [
{iri: 'https://kg.example/person/习近平', label: '习近平', kind: 'person'}
] AS row MERGE (n:Node {iri: row.iri}) SET n = row, n:Person;
UNWIND [
{iri: 'https://kg.example/post/2024/你好%20世界', label: '你好，世界', kind: 'post', datePublished: '2024-03-01', draft: true, field_my_key: '42', field_rating: 5, headline: '你好，世界', identifier: '2024/你好 世界.md', isBasedOn: 'https://example.org/a?b=c&d=%E4%BD%A0'},
{iri: 'https://kg.example/post/hostile/=cmd%7C\'%20/C%20calc\'!A0', label: '"\'<script>&amp;]]>\\ 	\r\n���[31m‮evil �� {{7*7}} %s $(x) \'\'\'""" 😀', kind: 'post', abstract: '=HYPERLINK("https://example.org")', alias: '["one"]', datePublished: '2024-02-29T23:59:59+08:00', description: '[looks like a list]', headline: '"\'<script>&amp;]]>\\ 	\r\n���[31m‮evil �� {{7*7}} %s $(x) \'\'\'""" 😀', identifier: 'hostile/=cmd|\' /C calc\'!A0.md'},
{iri: 'https://kg.example/post/plain', label: 'Plain', kind: 'post', alias: ['-x', '@y;z'], headline: 'Plain', identifier: 'plain.md'}
] AS row MERGE (n:Node {iri: row.iri}) SET n = row, n:Post;
UNWIND [
{iri: 'https://kg.example/tag/c++', label: 'C++', kind: 'tag'}
] AS row MERGE (n:Node {iri: row.iri}) SET n = row, n:Tag;
UNWIND [
{s: 'https://kg.example/post/2024/你好%20世界', t: 'https://kg.example/concept/资本支出', field: 'body', line: 12, confidence: 1.0},
{s: 'https://kg.example/post/plain', t: 'https://kg.example/concept/资本支出', field: 'body', line: 7, confidence: 1.0}
] AS row MATCH (s:Node {iri: row.s}), (t:Node {iri: row.t}) MERGE (s)-[r:`kg:defines`]->(t) SET r.field = row.field, r.line = row.line, r.confidence = row.confidence;
UNWIND [
{s: 'https://kg.example/post/hostile/=cmd%7C\'%20/C%20calc\'!A0', t: 'https://kg.example/post/2024/你好%20世界', field: 'body', line: 20, confidence: 1.0}
] AS row MATCH (s:Node {iri: row.s}), (t:Node {iri: row.t}) MERGE (s)-[r:`kg:linksTo`]->(t) SET r.field = row.field, r.line = row.line, r.confidence = row.confidence;
UNWIND [
{s: 'https://kg.example/post/2024/你好%20世界', t: 'https://kg.example/person/习近平', field: 'author', line: 4, confidence: 1.0}
] AS row MATCH (s:Node {iri: row.s}), (t:Node {iri: row.t}) MERGE (s)-[r:`schema:author`]->(t) SET r.field = row.field, r.line = row.line, r.confidence = row.confidence;
UNWIND [
{s: 'https://kg.example/post/2024/你好%20世界', t: 'https://kg.example/tag/c++', field: 'tags', line: 7, confidence: 1.0},
{s: 'https://kg.example/post/hostile/=cmd%7C\'%20/C%20calc\'!A0', t: 'https://kg.example/tag/c++', field: 'tags', line: 3, confidence: 1.0}
] AS row MATCH (s:Node {iri: row.s}), (t:Node {iri: row.t}) MERGE (s)-[r:`schema:keywords`]->(t) SET r.field = row.field, r.line = row.line, r.confidence = row.confidence;
UNWIND [
{s: 'https://kg.example/post/2024/你好%20世界', t: 'https://kg.example/organization/nvidia', field: 'companies_orgs', line: 5, confidence: 1.0},
{s: 'https://kg.example/post/2024/你好%20世界', t: 'https://kg.example/person/习近平', field: 'people', line: 6, confidence: 1.0},
{s: 'https://kg.example/post/plain', t: 'https://kg.example/organization/nvidia', field: 'body', line: 9, confidence: 0.8}
] AS row MATCH (s:Node {iri: row.s}), (t:Node {iri: row.t}) MERGE (s)-[r:`schema:mentions`]->(t) SET r.field = row.field, r.line = row.line, r.confidence = row.confidence;
