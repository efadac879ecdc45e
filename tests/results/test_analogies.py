import json

from answers import analogies, quadruples
from made_answers import KING

from gene_analogies.report.registry import render
from gene_analogies.results import AllAnalogiesResult, Analogy, TopResult

LEFT_OUT = "left out: analogies of near-copies (cos({}, c) or cos(b, d) above 0.8)"
READ = "{} is to b as c is to d; similarity: the cosine of the two differences, at best 1"


def top(**changes):
    return quadruples(TopResult, **changes)


def test_rows():
    assert list(analogies()) == [
        Analogy("EGF", "ENSG00000146648", "HGF", "MET", 0.875),
        Analogy("EGF", "MET", "HGF", "ENSG00000146648", 0.5),
    ]
    assert list(top()) == list(quadruples(AllAnalogiesResult)) == list(analogies())


def test_query_and_title():
    assert (analogies().query, analogies().title) == ("best analogies of EGF", "EGF : b ≈ c : d")
    every = quadruples(AllAnalogiesResult)
    assert every.query == "best analogies of every item"
    assert every.title == "best analogies of every item: a : b ≈ c : d"
    assert top().query == "best analogies of all"
    assert top(pairs=1).query == "best analogies among 1 given pair"
    assert top(pairs=1_200, edges=2).query == "best analogies among 1,200 neighbouring pairs"


def test_explanation():
    assert analogies().explanation == (
        "epidermal growth factor",
        READ.format("EGF"),
        LEFT_OUT.format("EGF"),
    )
    assert analogies(item=KING, max_similarity=1.0).explanation == (READ.format("king"),)
    assert top().explanation == (READ.format("a"), LEFT_OUT.format("a"))
    assert top(max_similarity=1.0, distinct=True).explanation[1:] == (
        "left out: analogies that share three items with a better one",
    )
    assert top(distinct=True).explanation[1:] == (
        f"{LEFT_OUT.format('a')}; analogies that share three items with a better one",
    )


def test_explanation_in_markdown():
    about = "Analogies a : b ≈ c : d; similarity is the cosine of the offsets"
    assert top(max_similarity=1.0).explanation_in("markdown") == (f"{about}.",)
    assert top().explanation_in("markdown") == (f"{about}; {LEFT_OUT.format('a')}.",)


def test_the_item_is_a_column_for_programs_only():
    result = analogies()
    assert [column.key for column in result.columns] == ["b", "c", "d", "similarity"]
    assert [column.key for column in result.all_columns] == ["a", "b", "c", "d", "similarity"]
    assert result.asked == ((result.item,),)
    assert [column.key for column in top().columns] == ["a", "b", "c", "d", "similarity"]
    assert top().asked == ()


def test_facts():
    options = {"max_similarity": 0.8, "distinct": False}
    item = {"item": "EGF", "symbol": "EGF", "name": "epidermal growth factor"}
    assert analogies().facts == {"item": item, **options}
    assert quadruples(AllAnalogiesResult).facts == options
    assert top(pairs=12, edges=2).facts == {"pairs": 12, "edges": 2, **options}
    assert top().facts == {"pairs": None, "edges": None, **options}


def test_answers_of_every_item_are_not_ranked():
    assert (analogies().ranked, top().ranked) == (True, True)
    assert not quadruples(AllAnalogiesResult).ranked


def test_for_people_and_for_programs():
    result = analogies()
    lines = str(result).splitlines()
    assert lines[5].split()[:5] == ["rank", "b", "c", "d", "similarity"]
    frame = result.to_frame()
    assert frame.columns.tolist() == [
        "a", "b", "c", "d", "similarity", "a_symbol", "b_symbol", "c_symbol", "d_symbol",
        "a_name", "b_name", "c_name", "d_name",
    ]  # fmt: skip
    assert frame["a"].tolist() == ["EGF"] * 2
    markdown = result.to_markdown().splitlines()
    assert markdown[0] == "# best analogies of EGF"
    assert "| Gene 1 | Gene 2 | ≈ | Gene 3 | Gene 4 | Similarity |" in markdown
    assert sum("[EGF](" in line for line in markdown) == 2
    html = result._repr_html_()
    assert "<b>EGF : b ≈ c : d</b>" in html
    assert html.count("epidermal growth factor<") == 1
    content = json.loads(render(result, "json"))
    assert content["analogies"] == frame.to_dict("records")
