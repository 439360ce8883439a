"""Every word of a template is found again in what it renders to, and leads back to where it stands."""

from __future__ import annotations

import re

import pytest

from cfglint.source import Source, Span
from cfglint.templating.rendering import Rendering, renderings

pytest.importorskip("jinja2")

TEMPLATES = {
    "text": "word1 a\nword2 b\n",
    "branches": "{% if v %}\nword1\n{% elif w %}\nword2\n{% else %}\nword3\n{% endif %}\nword4\n",
    "blanks taken away": "x\n   {%- set y = 2 -%}   \n  word1 {{- 'q' -}} \n word2 {%- if v -%} word3{% endif %} word4",
    "a loop": "{% for i in v %}\nword1 {{ i }} word2\n{% endfor %}\nword3\n",
    "a macro": "{% macro m(a, b=1) %}\nword1 {{ a }}\nword2\n{% endmacro %}\nword3\n{{ m(1) }}word4{{ m(v) }}\n",
    "a call": "{% macro m() %}word1 {{ caller() }} word2{% endmacro %}\n{% call m() %}word3{% endcall %} word4\n",
    "raw": "{% raw %}word1 {{ not a tag }} word2\n{% endraw %}word3\n",
    "comments": "{# word #}word1\n{# word\nword #}\nword2\n",
    "a block that is kept": "{% set x %}\nsomething {{ v }}\n{% endset %}\nword1 {{ x }} word2\n",
    "a filter": "word1\n{% filter upper %}\nsomething {{ v }}\n{% endfilter %}\nword2\n",
    "Ansible's first line": "#jinja2: trim_blocks: False\nword1\n  {% if v %}word2{% endif %}\nword3\n",
    "other marks": "#jinja2: variable_start_string: '[[', variable_end_string: ']]'\nword1 [[ v ]] word2 {{ v }}\n",
}


def ways(text: str, **variables: object) -> tuple[Source, list[Rendering]]:
    source = Source("t.j2", text)
    return source, list(renderings({"t.j2": source}, variables))


@pytest.mark.parametrize("variables", [{}, {"v": [1, 2], "w": False}, {"v": "", "w": True}])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_words_lead_back(name: str, ending: str, variables: dict[str, object]) -> None:
    source, found = ways(TEMPLATES[name].replace("\n", ending), **variables)
    seen = set()
    for rendering in found:
        assert rendering.faults == []
        made = rendering.made["t.j2"]
        for word in re.finditer(r"word\d", made.text):
            place = made.place(Span(*word.span()), {"t.j2": source})
            assert place is not None
            assert place.text == word[0]
            assert not made.is_assumed(Span(*word.span()))
            seen.add(word[0])
    if not variables:
        assert seen == set(re.findall(r"word\d", source.text))


def test_a_value_leads_to_its_expression() -> None:
    source, (rendering,) = ways("a={{ v }}\n", v="known")
    made = rendering.made["t.j2"]
    place = made.place(Span(2, 7), {"t.j2": source})
    assert made.text == "a=known\n"
    assert place is not None
    assert place.text == "{{ v }}"
    assert not made.is_assumed(Span(2, 7))


@pytest.mark.parametrize(
    "expression", ["{{ v }}", "{{ v | default('x') }}", "{{ 'a' if v else 'b' }}", "{{ v ~ 'x' }}"]
)
def test_what_took_more_than_is_known_is_assumed(expression: str) -> None:
    _, found = ways(f"a={expression}\n")
    assert len(found) > 1
    for rendering in found:
        made = rendering.made["t.j2"]
        assert made.is_all_assumed(Span(2, len(made.text) - 1))
        assert not made.is_assumed(Span(0, 2))


def test_every_pair_of_answers_is_tried() -> None:
    names = [f"q{number}" for number in range(9)]
    _, found = ways("".join(f"{{% if {name} %}}{name} {{% endif %}}" for name in names))
    taken = [set(rendering.made["t.j2"].text.split()) for rendering in found]
    for one in names:
        for other in names:
            if one != other:
                assert {(one in words, other in words) for words in taken} == {
                    (False, False),
                    (False, True),
                    (True, False),
                    (True, True),
                }


def test_one_value_is_the_same_everywhere_and_another_one_elsewhere() -> None:
    _, found = ways("= {{ a.x }} {{ a['x'] }} {{ b }}\n")
    values = [rendering.made["t.j2"].text.split()[1:] for rendering in found]
    assert all(one == same != other for one, same, other in values)
    assert len({one for one, _, _ in values}) == len(values) == 4
