from reference.plain_vectors import PlainVectors

from textrep.evaluation.tasks.matching import match

MODEL = PlainVectors({"Paris": [1], "paris": [2], "rome": [3], "ROM": [4]})


def test_exact_form_first_then_lower_case():
    assert match(["Paris", "Rome", "PARIS", "Oslo"], MODEL, lowercase=True) == {
        "Paris": "Paris",
        "Rome": "rome",
        "PARIS": "paris",
        "Oslo": None,
    }


def test_no_lower_casing_unless_allowed():
    assert match(["Paris", "Rome"], MODEL, lowercase=False) == {"Paris": "Paris", "Rome": None}


def test_nothing_is_upper_cased():
    assert match(["rom"], MODEL, lowercase=True) == {"rom": None}
