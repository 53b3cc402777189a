"""Our own terms, for what common vocabularies lack, with labels and comments in English and Chinese.

They are published with the data, so that a graph explains itself. A front matter field that nobody mapped becomes a
term as well: `field:<name>`, labelled as it was typed.
"""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from kg.iris import typed_field
from kg.model import IRI, IRI_OBJECT
from kg.namespaces import DCTERMS, FIELD, KG, OWL, PROV, RDF, RDFS, SCHEMA, XSD
from kg.rdf.ntriples import Row

CLASS = OWL + "Class"
LINK = OWL + "ObjectProperty"
LITERAL = OWL + "DatatypeProperty"


class Term(NamedTuple):
    """A class or a property of ours."""

    iri: IRI
    rdf_class: str
    """`CLASS`, `LINK` or `LITERAL`; rdf:Property for a field, whose values may be both; owl:Ontology for all terms."""
    label: str
    label_zh: str
    comment: str
    comment_zh: str
    parents: tuple[str, ...] = ()
    """More general classes or properties in common vocabularies."""
    domain: str = ""
    values: str = ""
    """The rdfs:range of a property, or ""."""


def _term(
    rdf_class: str,
    name: str,
    label: str,
    label_zh: str,
    comment: str,
    comment_zh: str,
    *,
    parents: tuple[str, ...] = (),
    domain: str = "",
    values: str = "",
) -> Term:
    return Term(IRI(KG + name), rdf_class, label, label_zh, comment, comment_zh, parents, domain, values)


_class, _link, _literal = partial(_term, CLASS), partial(_term, LINK), partial(_term, LITERAL)

POST = SCHEMA + "BlogPosting"
PERSON = SCHEMA + "Person"
STRING, INTEGER, BOOLEAN, DECIMAL = XSD + "string", XSD + "integer", XSD + "boolean", XSD + "decimal"
MERGE, EVIDENCE, DEFINITION = KG + "Merge", KG + "Evidence", KG + "Definition"

ONTOLOGY = Term(
    IRI(KG),
    OWL + "Ontology",
    "Terms of kg",
    "kg 的术语",
    "What a graph made from Markdown posts says beyond schema.org, SKOS, Dublin Core, PROV-O and VoID.",
    "由 Markdown 文章生成的图谱中，schema.org、SKOS、Dublin Core、PROV-O 与 VoID 未涵盖的术语。",
)

TERMS: tuple[Term, ...] = (
    # What posts say.
    _link(
        "speaker",
        "speaker",
        "主讲人",
        "A person who speaks in what the post reports.",
        "文章所记内容中的主讲人。",
        parents=(SCHEMA + "contributor",),
        domain=POST,
        values=PERSON,
    ),
    _link(
        "guest",
        "guest",
        "嘉宾",
        "A person who was invited to what the post reports.",
        "文章所记内容中受邀的嘉宾。",
        parents=(SCHEMA + "contributor",),
        domain=POST,
        values=PERSON,
    ),
    _link(
        "host",
        "host",
        "主持人",
        "A person who leads through what the post reports, such as an episode of a podcast.",
        "主持文章所记内容（如一期播客）的人。",
        parents=(SCHEMA + "contributor",),
        domain=POST,
        values=PERSON,
    ),
    _link(
        "linksTo",
        "links to",
        "链接到",
        "The first post links to the second, in its body or in a field that says no more than that.",
        "前一篇文章在正文中或在未言明关系的字段中链接到后一篇。",
        parents=(SCHEMA + "mentions",),
        domain=POST,
        values=POST,
    ),
    _link(
        "defines",
        "defines",
        "定义",
        "Explains a concept, or whatever else has a name: said of a post, and of one definition.",
        "解释某个概念或其他有名称的事物；主语是文章或单条定义。",
    ),
    _literal(
        "insight", "insight", "洞见", "What the author takes from the subject.", "作者从中得出的见解。", domain=POST
    ),
    _literal(
        "draft",
        "draft",
        "草稿",
        "Whether the post is marked as a draft.",
        "文章是否标为草稿。",
        domain=POST,
        values=BOOLEAN,
    ),
    _literal(
        "unwritten",
        "unwritten",
        "未写",
        "Whether the page is named by links and not written yet.",
        "该页面是否被链接提及而尚未写出。",
        values=BOOLEAN,
    ),
    _literal(
        "layout",
        "layout",
        "版式",
        "The page template the post asks for.",
        "文章指定的页面模板。",
        domain=POST,
        values=STRING,
    ),
    _literal(
        "alias",
        "alias",
        "别名",
        "Another name under which links may mean the post.",
        "链接可用来指代该文章的其他名称。",
        parents=(SCHEMA + "alternateName",),
        domain=POST,
        values=STRING,
    ),
    _literal(
        "slug",
        "slug",
        "短名",
        "The short name of the post in web addresses.",
        "文章在网址中的短名。",
        domain=POST,
        values=STRING,
    ),
    _literal(
        "permalink",
        "permalink",
        "固定链接",
        "Where the post asks to be published.",
        "文章指定的发布地址。",
        domain=POST,
        values=STRING,
    ),
    # Where a statement comes from.
    _literal(
        "field",
        "field",
        "字段",
        "The front matter field it was read from, or `body`.",
        "所读取的前置元数据字段，或 body（正文）。",
        values=STRING,
    ),
    _literal(
        "line",
        "line",
        "行",
        "The line of the post's file, counted from 1.",
        "文章文件中的行号，从 1 开始。",
        values=INTEGER,
    ),
    _literal(
        "confidence",
        "confidence",
        "置信度",
        "How sure an inference is, from 0 to 1.",
        "推断的可信程度，0 到 1。",
        values=DECIMAL,
    ),
    # How names were brought together.
    _class(
        "Merge",
        "merge",
        "合并",
        "Two names were found to name one thing.",
        "判定两个名称指同一事物。",
        parents=(PROV + "Activity",),
    ),
    _class(
        "Evidence",
        "evidence",
        "证据",
        "One kind of reason for a merge.",
        "合并的一类依据。",
        parents=(PROV + "Entity",),
    ),
    _literal(
        "mergedName",
        "merged name",
        "被合并的名称",
        "One of the two names of a merge.",
        "合并涉及的两个名称之一。",
        domain=MERGE,
        values=STRING,
    ),
    _literal(
        "mergedKind",
        "merged kind",
        "被合并的类别",
        "The kind of one of the two names of a merge, where they are of two kinds.",
        "两个名称类别不同时，其一的类别。",
        domain=MERGE,
        values=STRING,
    ),
    _literal(
        "decidedBy",
        "decided by",
        "判定者",
        "`inference`, or `ledger` where a person decided.",
        "inference 为推断；ledger 为人工判定。",
        domain=MERGE,
        values=STRING,
    ),
    _link(
        "evidence",
        "evidence",
        "证据",
        "A reason for the merge.",
        "合并的依据。",
        parents=(PROV + "used",),
        domain=MERGE,
        values=EVIDENCE,
    ),
    _literal(
        "evidenceKind",
        "kind of evidence",
        "证据类型",
        "The rule that found it: gloss, pinyin, initials …",
        "发现它的规则：双语注释、拼音、首字母等。",
        domain=EVIDENCE,
        values=STRING,
    ),
    _literal(
        "evidenceCount",
        "number of findings",
        "出现次数",
        "How often it was found.",
        "出现的次数。",
        domain=EVIDENCE,
        values=INTEGER,
    ),
    _link(
        "evidencePost",
        "post with evidence",
        "证据所在文章",
        "A post in which it was found; the first few are named.",
        "发现该证据的文章，仅列前几篇。",
        parents=(PROV + "wasDerivedFrom",),
        domain=EVIDENCE,
        values=POST,
    ),
    _literal(
        "evidencePlace",
        "place of evidence",
        "证据位置",
        "File and line at which it was found.",
        "发现该证据的文件与行号。",
        domain=EVIDENCE,
        values=STRING,
    ),
    # What terms mean.
    _class(
        "Definition",
        "definition",
        "定义条目",
        "One post's explanation of one term; the term also has it as skos:definition.",
        "某篇文章对某个术语的解释；该术语亦以 skos:definition 直接带有此文。",
    ),
    _literal(
        "definitionText",
        "text of the definition",
        "定义文本",
        "The explanation, as typed.",
        "解释的原文。",
        parents=(RDF + "value",),
        domain=DEFINITION,
    ),
    # The dataset.
    _literal(
        "commit",
        "commit",
        "提交",
        "The Git commit that a post's graph was read from.",
        "读取该文章图所依据的 Git 提交。",
        values=STRING,
    ),
    _literal(
        "digest",
        "digest",
        "摘要",
        "In a store that is kept in step: the SHA-256 of the graph's other triples, as N-Triples.",
        "保持同步的存储中：该图其余三元组（N-Triples 形式）的 SHA-256 摘要。",
        values=STRING,
    ),
    _literal(
        "builtWith",
        "built with",
        "生成工具",
        "Name and version of the program that made the dataset.",
        "生成该数据集的程序及其版本。",
        values=STRING,
    ),
)


def terms(used: Iterable[IRI]) -> list[Term]:
    """Every term a graph may use, in IRI order: ours, and one for each unmapped field among its predicates."""
    return [ONTOLOGY, *sorted((*TERMS, *(_field_term(iri) for iri in set(used) if iri.startswith(FIELD))))]


def _field_term(iri: IRI) -> Term:
    name = typed_field(iri.removeprefix(FIELD))
    return Term(
        iri,
        RDF + "Property",
        name,
        name,
        f"The field “{name}”, which no setting maps: its values as typed, and the posts that links in them lead to.",
        f"字段“{name}”，未作映射：值保留原文；其中的链接另指向相应文章。",
        domain=POST,
    )


def labels(english: str, chinese: str) -> list[tuple[str, str]]:
    """The names of one thing, with their languages; a name that is no word of ours has none."""
    return [(english, "en"), (chinese, "zh")] if english != chinese else [(english, "")]


def rows(term: Term) -> list[Row]:
    """The rows that describe a term in RDFS and OWL."""
    narrows = RDFS + ("subClassOf" if term.rdf_class == CLASS else "subPropertyOf")
    result: list[Row] = [
        *((RDFS + "label", label, "", language) for label, language in labels(term.label, term.label_zh)),
        (RDFS + "comment", term.comment, "", "en"),
        (RDFS + "comment", term.comment_zh, "", "zh"),
    ]
    result += [(narrows, parent, IRI_OBJECT, "") for parent in term.parents]
    if term.domain:
        result.append((RDFS + "domain", term.domain, IRI_OBJECT, ""))
    if term.values:
        result.append((RDFS + "range", term.values, IRI_OBJECT, ""))
    if term.rdf_class == OWL + "Ontology":
        result += [(DCTERMS + "title", term.label, "", "en"), (DCTERMS + "title", term.label_zh, "", "zh")]
    else:
        result.append((RDFS + "isDefinedBy", KG, IRI_OBJECT, ""))
    return result
