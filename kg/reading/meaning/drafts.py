"""Whether a post is a draft, where its fields and its folder say different things."""

from msgspec.structs import replace

from kg.fields import DRAFT
from kg.iris import field_name
from kg.model import IRI
from kg.namespaces import FIELD, XSD
from kg.reading.meaning.interpretation import Interpretation
from kg.reading.values import Scalar


def agree_on_draft(result: Interpretation) -> None:
    """Make a post a draft if its folder or any field says so; a field that says otherwise is reported."""
    states = [attribute for attribute in result.attributes if attribute.predicate == DRAFT]
    if not result.draft and not any(state.value == "true" for state in states):
        return
    message = "but another field or the folder says that this is a draft; it counts as one"
    for state in states:
        if state.value != "true":
            result.attributes.remove(state)
            typed = Scalar(state.value, state.line, state.column)
            if not any(each.field == state.field and each.predicate != state.predicate for each in result.attributes):
                predicate = IRI(FIELD + field_name(state.field))
                result.attributes.append(replace(state, predicate=predicate, datatype=XSD + "string"))
            result.fault(typed, "KG127", f"{state.field}: {state.value}, {message}")
    for key, leaf in result.published if states else ():
        result.fault(leaf, "KG127", f"{key}: {leaf.text.strip()}, {message}")
