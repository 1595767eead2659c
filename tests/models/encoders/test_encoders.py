"""Encoders trained on a corpus: what they learn, keep, resume, and make of texts."""

from __future__ import annotations

import json

import numpy as np
import pytest
from models.sources import ENCODERS, sentences, small

from textrep import Combine, TransformerEncoder, WordVectors
from textrep.corpus import Corpus
from textrep.errors import (
    FormatError,
    InputError,
    InvalidParameterError,
    NotFittedError,
    TrainingError,
    UnknownNameError,
    VocabularyError,
)
from textrep.models import load_model
from textrep.nn import encode_tokens
from textrep.storage.formats.word2vec import write_text
from textrep.training import loop
from textrep.vectors import Subwords

pytestmark = pytest.mark.usefixtures("one_torch_thread")

NAMES = sorted(ENCODERS)
OBJECTIVES = ["language-model", "masked", "sentences", "neighbours"]
every_encoder = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def corpus():
    return Corpus.build(sentences())


@pytest.fixture(scope="module")
def fitted(corpus):
    return {name: small(name, objective="masked").fit(corpus) for name in NAMES}


def cycle(n_sentences=150):
    """Sentences in which each word follows from the one before."""
    random = np.random.default_rng(0)
    return [
        [f"w{(start + place) % 7}" for place in range(length)]
        for start, length in random.integers([0, 4], [7, 9], (n_sentences, 2))
    ]


# Training


WIDE = {
    "recurrent": {"units": 16},
    "convolutional": {"channels": 32},
    "transformer": {"heads": 2, "positions": "rotary"},
}


@pytest.mark.parametrize("objective", ["language-model", "masked"])
@every_encoder
def test_words_that_follow_from_others_are_learnt(name, objective):
    both = {"bidirectional": True} if (name, objective) == ("recurrent", "masked") else {}
    model = small(
        name, objective=objective, dim=16, epochs=40, learning_rate=0.01, holdout=0.2,
        dropout=0.0, batch_tokens=256, **WIDE[name], **both,
    ).fit(cycle())  # fmt: skip
    key = "perplexity" if objective == "language-model" else "masked_perplexity"
    assert model.history_[0][key] > 3  # of seven words and the boundary
    assert model.history_[-1][key] < 2.7  # where a sentence begins or ends, none can know
    assert model.history_[-1]["accuracy"] > 0.65
    assert model.history_[-1]["held_out_loss"] == pytest.approx(np.log(model.history_[-1][key]))


@pytest.mark.parametrize("objective", OBJECTIVES)
@every_encoder
def test_ten_sentences_are_learnt_by_heart(name, objective):
    words = iter(f"w{number}" for number in range(50))
    text = [[next(words) for _ in range(5)] for _ in range(10)]
    both = {"bidirectional": True} if (name, objective) == ("recurrent", "masked") else {}
    model = small(
        name, objective=objective, dim=16, epochs=100, learning_rate=0.02, dropout=0.0,
        word_dropout=0.1 if objective == "sentences" else 0.0, mask_share=0.3, temperature=0.2,
        **WIDE[name], **both,
    ).fit(Corpus.build(text, min_count=1))  # fmt: skip
    losses = [row["loss"] for row in model.history_]
    # Some of the words to be told are hidden from one another, and a sentence is nearer to itself,
    # the neighbour of the one before, than to its own neighbour.
    share = {"masked": 0.6, "neighbours": 0.6}.get(objective, 0.25)
    assert np.mean(losses[-5:]) < share * losses[0]


def test_noise_at_the_input_makes_learning_harder(corpus):
    quiet, noisy = (
        small("recurrent", dropout=0.0, input_noise=noise).fit(corpus).history_[-1]["loss"]
        for noise in (0.0, 10.0)
    )
    assert noisy > quiet + 0.03


def test_encoders_of_several_seeds_are_combined(corpus):
    seeds = [small("recurrent", random_state=seed).fit(corpus) for seed in (0, 1)]
    for method, dim in (("concatenate", 8), ("average", 4)):
        both = Combine(method=method).fit(seeds)
        assert both.word_vectors_.shape == (30, dim)
    first, second = (model.vectors_.similarity("wordaa", "wordab") for model in seeds)
    together = Combine().fit(seeds).vectors_.similarity("wordaa", "wordab")
    assert together == pytest.approx((first + second) / 2, abs=1e-5)


@pytest.mark.parametrize("objective", OBJECTIVES)
@every_encoder
def test_resumed_is_as_uninterrupted(name, objective, corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "_FIRST", 1)
    monkeypatch.setattr(loop, "_SLICE", 0.0)
    options = {
        "objective": objective, "epochs": 2, "batch_tokens": 600, "average": "exponential",
        "holdout": 0.2, "vectors": "contexts",
    }  # fmt: skip
    whole = small(name, **options).fit(corpus)
    calls = iter([None, None, "enough", *[None] * 99])
    first = small(name, **options)
    first.fit(corpus, callbacks=[lambda state: next(calls)], checkpoint=tmp_path / "kept")
    assert first.metrics_["stopped"] == "enough"
    rest = small(name, **options).fit(corpus, checkpoint=tmp_path / "kept", resume=True)
    assert rest.word_vectors_.tobytes() == whole.word_vectors_.tobytes()
    assert rest.weights_.keys() == whole.weights_.keys()
    for key, weight in whole.weights_.items():
        assert rest.weights_[key].tobytes() == weight.tobytes(), key
    assert rest.history_[-1]["held_out_loss"] == whole.history_[-1]["held_out_loss"]


@every_encoder
def test_a_language_model_sees_nothing_of_what_follows(name, corpus):
    texts = ["wordaa wordab", "wordaa wordba"]
    for objective in ("language-model", "masked"):
        changes = {"bidirectional": objective == "masked"} if name == "recurrent" else {}
        model = small(name, objective=objective, **changes).fit(corpus)
        first, other = model.encode(texts, pooling="first")
        assert np.allclose(first, other, atol=1e-6) is (objective == "language-model")


@every_encoder
def test_encoders_are_shown_and_hashed_as_estimators(name):
    model = small(name)
    assert model != small(name)
    assert len({model, model}) == 1
    assert repr(model).startswith(type(model).__name__)
    assert "dim=4" in repr(model)
    assert "momentum" not in repr(model)  # what is not the default is shown


def test_a_corpus_of_characters_is_measured_in_bits():
    lines = ["the cat sat on the mat", "the dog sat on the log"] * 5
    corpus = Corpus.build(lines, tokenizer="char", min_count=1)
    model = small("recurrent", holdout=0.2).fit(corpus)
    row = model.history_[-1]
    assert row["bits_per_character"] == pytest.approx(row["held_out_loss"] / np.log(2))


def test_given_vectors_are_begun_with(corpus, tmp_path):
    words = corpus.vocabulary.words[:20]
    given = WordVectors(words, np.random.default_rng(1).standard_normal((20, 4)))
    write_text(given, tmp_path / "given.txt")
    model = small("recurrent", initial=str(tmp_path / "given.txt"), frozen=True).fit(corpus)
    assert model.word_vectors_[:20] == pytest.approx(given.matrix, abs=1e-5)
    moved = small("recurrent", initial=str(tmp_path / "given.txt")).fit(corpus)
    difference = np.abs(moved.word_vectors_[:20] - given.matrix).max()
    assert 0 < difference < 0.2
    write_text(WordVectors(["none", "other"], np.ones((2, 4))), tmp_path / "none.txt")
    with pytest.raises(VocabularyError, match="None of the 30 words"):
        small("recurrent", initial=str(tmp_path / "none.txt")).fit(corpus)
    with pytest.raises(InvalidParameterError, match=r"dim parameter of RecurrentEncoder must be 4"):
        small("recurrent", dim=6, initial=str(tmp_path / "given.txt")).fit(corpus)


@pytest.mark.parametrize("softmax", ["tied", "adaptive"])
def test_embeddings_may_be_means_of_n_grams(softmax, corpus, tmp_path):
    options = {"subwords": True, "min_n": 2, "max_n": 3, "buckets": 50, "softmax": softmax}
    model = small("convolutional", **options).fit(corpus)
    rows = model.weights_["encoder.embedding.weight"]
    table = Subwords(2, 3, 50).rows(list(corpus.vocabulary.words))
    n = len(corpus.vocabulary)
    assert rows.shape == (n + 2 + len(table.bucket_ids), 4)
    for word in (0, 7, n - 1):
        own, *grams = table.parts[table.offsets[word] : table.offsets[word + 1]]
        parts = [own + 1, *(gram + 2 for gram in grams)]  # behind the boundary, and the mask
        assert model.word_vectors_[word] == pytest.approx(rows[parts].mean(0), abs=1e-6)
    model.save(tmp_path / "model")
    loaded = load_model(tmp_path / "model")
    texts = ["wordaa wordab", "wordba"]
    assert (loaded.encode(texts) == model.encode(texts)).all()
    with pytest.raises(InvalidParameterError, match=r"initial .*None with subwords"):
        small("convolutional", subwords=True, initial="some.txt").fit(corpus)


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("recurrent", {"bidirectional": True}, r"bidirectional .*masked"),
        ("recurrent", {"frozen": True}, r"frozen .*initial"),
        ("recurrent", {"halve_on_plateau": True}, r"halve_on_plateau .*holdout"),
        (
            "recurrent",
            {"softmax": "adaptive", "label_smoothing": 0.1},
            "smoothing .*adaptive",
        ),
        ("recurrent", {"objective": "sentences", "dropout": 0.0}, r"dropout .*masks"),
        ("recurrent", {"recurrent_dropout": 1.0}, r"recurrent_dropout .*Got 1.0"),
        ("convolutional", {"widths": "3,x"}, r"widths .*3,4,5"),
        ("transformer", {"heads": 3}, r"heads .*divisor of the width, 4"),
        (
            "transformer",
            {"objective": "language-model", "bptt": 17},
            r"bptt .*at most 16, the longest",
        ),
        (
            "transformer",
            {"pooling": "cls", "objective": "language-model", "bptt": 8},
            r"pooling .*would see no word",
        ),
        ("recurrent", {"momentum_schedule": "sutskever"}, r"momentum_schedule .*nesterov"),
    ],
)
def test_combinations_that_make_no_sense(name, changes, message):
    with pytest.raises(InvalidParameterError, match=message) as caught:
        small(name, **changes).fit("no-such-file")
    assert "\n" not in str(caught.value)


def test_a_loss_that_is_not_finite_stops_the_training(corpus):
    with pytest.raises(TrainingError, match=r"step \d+ \(epoch 1\).*try a tenth") as caught:
        small("recurrent", optimizer="sgd", learning_rate=1e38, clip_norm=0.0).fit(corpus)
    assert "\n" not in str(caught.value)


def test_all_sentences_alone_in_their_documents_have_no_neighbours(tmp_path):
    (tmp_path / "text.txt").write_text("\n\n".join(["a b c", "b c a"] * 9), "utf-8")
    corpus = Corpus.build(tmp_path / "text.txt", min_count=1)
    assert corpus.n_documents == 18
    with pytest.raises(TrainingError, match="no sequence with another after it"):
        small("recurrent", objective="neighbours").fit(corpus)


# Texts


def plain(model, text):
    """The states of the known words of a text, read at once."""
    import torch

    numbers = [model.vocabulary_.index[word] for word in text.split() if word in model.vectors_]
    batch = torch.tensor([numbers]) + 1
    with torch.no_grad():
        encoded = model.network_.encoder(batch, torch.tensor([len(numbers)]))
    return [layer[0].numpy() for layer in encoded.layers], np.array(numbers)


@pytest.mark.parametrize("layer", [0, -1])
@every_encoder
def test_texts_are_pooled_states(name, layer, fitted):
    model = fitted[name]
    texts = ["wordaa wordab unknown wordba", "wordcc", "wordab wordab wordac"]
    share = model.vocabulary_.counts / model.vocabulary_.counts.sum()
    for row, text in enumerate(texts):
        layers, numbers = plain(model, text)
        states = layers[layer]
        sif = 1e-3 / (1e-3 + share[numbers])
        expected = {
            "mean": states.mean(0), "max": states.max(0), "first": states[0], "last": states[-1],
            "weighted": sif @ states / sif.sum(),
        }  # fmt: skip
        for pooling, vector in expected.items():
            encoded = model.encode(texts, pooling=pooling, layer=layer)
            assert encoded[row] == pytest.approx(vector, abs=1e-5), pooling
        default = model.encode(texts, layer=layer)[row]
        assert default == pytest.approx(expected[model.pooling], abs=1e-5)


@every_encoder
def test_a_long_text_is_read_in_pieces_and_none_is_lost(name, fitted):
    model, text = (
        fitted[name],
        " ".join(f"word{'abc'[n % 3]}{'aab'[n // 3 % 3]}" for n in range(40)),
    )
    words = text.split()
    pieces = [" ".join(words[first : first + 16]) for first in (0, 16, 32)]
    states = [plain(model, piece)[0][-1] for piece in pieces]
    joined = np.concatenate(states)
    expected = {
        "mean": joined.mean(0), "max": joined.max(0), "first": joined[0], "last": joined[-1]
    }  # fmt: skip
    for pooling, vector in expected.items():
        encoded = model.encode(["wordaa", text, ""], pooling=pooling)
        assert encoded[1] == pytest.approx(vector, abs=1e-5), pooling
        assert encoded[0] == pytest.approx(model.encode(["wordaa"], pooling=pooling)[0], abs=1e-5)
    weighted = model.encode([text, "unknown"], pooling="weighted")
    assert np.isfinite(weighted).all()
    assert not weighted[1].any()


@every_encoder
def test_texts_of_nothing_are_zeros(name, fitted):
    model = fitted[name]
    width = model.encode(["wordaa"]).shape[1]
    assert model.encode([]).shape == (0, width)
    assert not model.encode(["", "unknown words only", "\n"]).any()
    assert model.encode(["wordaa " * 100_000]).shape == (1, width)


# Words of texts


@pytest.mark.parametrize("layer", [0, -1])
@every_encoder
def test_the_words_of_texts_are_states(name, layer, fitted):
    model = fitted[name]
    texts = ["wordaa wordab unknown wordba", "", "unknown", "wordab wordab wordac"]
    found = model.encode_tokens(texts, layer=layer)
    words = model.tokens(texts)
    assert words == [["wordaa", "wordab", "wordba"], [], [], ["wordab", "wordab", "wordac"]]
    for row in (0, 3):
        expected = plain(model, texts[row])[0][layer]
        assert found[row] == pytest.approx(expected, abs=1e-5)
    width = model.encode(["wordaa"], layer=layer).shape[1]
    assert found[1].shape == found[2].shape == (0, width)
    assert model.encode_tokens([]) == model.tokens([]) == []
    long = " ".join(["wordaa", "wordab", "wordba"] * 20)
    (states,) = model.encode_tokens([long], layer=layer)
    pieces = [" ".join(long.split()[at : at + 16]) for at in range(0, 60, 16)]
    assert states == pytest.approx(np.concatenate(model.encode_tokens(pieces, layer=layer)))
    assert model.encode([long], pooling="mean", layer=layer)[0] == pytest.approx(
        states.mean(0), abs=1e-5
    )


@pytest.mark.parametrize("layer", [0, -1])
@every_encoder
def test_words_that_are_given_have_a_state_each(name, layer, fitted):
    model = fitted[name]
    sentences = [["wordaa", "wordab", "wordba"], [], ["wordab", "Unknown!", "wordac"], ["unknown"]]
    found = model.encode_tokens(sentences, layer=layer)
    assert [len(rows) for rows in found] == [3, 0, 3, 1]
    (expected,) = model.encode_tokens(["wordaa wordab wordba"], layer=layer)
    assert found[0] == pytest.approx(expected, abs=1e-5)
    hidden = len(model.vocabulary_) + 1
    row = {word: place + 1 for place, word in enumerate(model.vocabulary_.words)}
    tokens = np.array([row["wordab"], hidden, row["wordac"]])
    expected = encode_tokens(model.network_.encoder, tokens, np.array([0, 3]), layer=layer)
    assert found[2] == pytest.approx(expected, abs=1e-5)
    known = [rows.tolist() for rows in model.known_tokens(sentences)]
    assert known == [[True] * 3, [], [True, False, True], [False]]
    assert model.known_tokens([]) == []
    with pytest.raises(InvalidParameterError, match="int in sentence 0"):
        model.encode_tokens([["wordaa", 5]])


def test_a_word_of_several_pieces_has_the_state_of_the_first():
    model = small("convolutional", objective="masked").fit(["a cat sees a dog"] * 20)
    given = [["cat-dog", "sees", "cat-owl", "!"]]
    (states,), (known,) = model.encode_tokens(given), model.known_tokens(given)
    assert known.tolist() == [True, True, False, False]
    hidden = len(model.vocabulary_) + 1
    cat, dog, sees = model.vocabulary_.encode(["cat", "dog", "sees"]) + 1
    tokens = np.array([cat, dog, sees, cat, hidden, hidden])
    expected = encode_tokens(model.network_.encoder, tokens, np.array([0, 6]))
    assert states == pytest.approx(expected[[0, 2, 3, 5]], abs=1e-6)


# A vector before the words


@pytest.mark.parametrize("positions", ["learned", "rotary", "sinusoidal"])
@pytest.mark.parametrize("objective", ["masked", "sentences", "neighbours"])
def test_a_learned_vector_before_texts(objective, positions, corpus, tmp_path):
    heads = {"heads": 2, "dim": 8} if positions == "rotary" else {}
    model = small(
        "transformer", objective=objective, pooling="cls", positions=positions, **heads
    ).fit(corpus)  # fmt: skip
    texts = ["wordaa wordab", "wordab wordaa wordba", "", "wordaa " * 40]
    encoded = model.encode(texts)
    assert encoded.shape == (4, model.dim)
    assert not encoded[2].any()
    import torch

    numbers = torch.tensor([[model.vocabulary_.index[word] + 1 for word in texts[1].split()]])
    with torch.no_grad():
        found = model.network_.encoder(numbers, torch.tensor([3]))
    assert encoded[1] == pytest.approx(found.cls[-1][0].numpy(), abs=1e-5)
    assert model.encode(texts[:2], pooling="mean")[1] == pytest.approx(
        found.output[0].mean(0).numpy(), abs=1e-5
    )
    pieces = model.encode(["wordaa " * 16, "wordaa " * 8])
    assert encoded[3] == pytest.approx((16 * 2 * pieces[0] + 8 * pieces[1]) / 40, abs=1e-5)
    model.save(tmp_path / "model")
    assert (load_model(tmp_path / "model").encode(texts) == encoded).all()


def test_sentences_train_the_vector_before_them_and_hidden_words_do_not(corpus):
    learnt = {}
    for objective in ("sentences", "masked"):
        model = small("transformer", objective=objective, pooling="cls")
        begun = model.untrained(corpus).encoder.cls.weight.detach().numpy().copy()
        learnt[objective] = model.fit(corpus).weights_["encoder.cls.weight"] - begun
    assert learnt["sentences"].any()
    assert learnt["masked"].any()  # words attend to it


def test_only_a_model_that_has_a_vector_before_texts_pools_by_it(fitted):
    with pytest.raises(InvalidParameterError, match="not trained with pooling='cls'") as caught:
        fitted["transformer"].encode(["wordaa"], pooling="cls")
    assert "\n" not in str(caught.value)
    for name in ("recurrent", "convolutional"):
        with pytest.raises(UnknownNameError, match=r"pooling of \w+ 'cls'. Known: first, last"):
            small(name, pooling="cls").fit("no-such-file")


# What is no text


@pytest.mark.parametrize(
    ("texts", "options", "error", "message"),
    [
        ("wordaa", {}, InvalidParameterError, "put a single text into a list"),
        (["wordaa", 5], {}, InvalidParameterError, "int at position 1"),
        (5, {}, InvalidParameterError, "list"),
        (["wordaa"], {"pooling": "sum"}, UnknownNameError, "mean"),
        (["wordaa"], {"layer": 9}, InvalidParameterError, "layers of the encoder"),
    ],
)
def test_what_is_no_text(fitted, texts, options, error, message):
    with pytest.raises(error, match=message) as caught:
        fitted["recurrent"].encode(texts, **options)
    assert "\n" not in str(caught.value)


def test_an_untrained_encoder_says_so():
    with pytest.raises(NotFittedError, match=r"TransformerEncoder.*fit"):
        small("transformer").encode(["a text"])


def test_subwords_are_cut_by_the_tokenizer_that_is_saved_with_the_model(tmp_path):
    (tmp_path / "text.txt").write_text("low lower lowest new newer newest wide wider\n" * 20)
    corpus = Corpus.build(tmp_path / "text.txt", tokenizer="bpe", vocab_size=280, min_count=1)
    model = small("recurrent").fit(corpus)
    model.save(tmp_path / "model")
    loaded = load_model(tmp_path / "model")
    texts = ["slow newness", "widest"]
    assert model.encode(texts).any(axis=1).all()
    assert (loaded.encode(texts) == model.encode(texts)).all()
    kept = json.loads((tmp_path / "model" / "tokenizer.json").read_text("utf-8"))
    kept["model"]["merges"] = kept["model"]["merges"][:-1]
    (tmp_path / "model" / "tokenizer.json").write_text(json.dumps(kept), "utf-8")
    with pytest.raises(FormatError, match="not the tokenizer"):
        load_model(tmp_path / "model").encode(texts)
    (tmp_path / "model" / "tokenizer.json").unlink()
    with pytest.raises(InputError, match=r"lacks the bpe tokenizer"):
        load_model(tmp_path / "model").encode(texts)


# Files


@pytest.mark.parametrize("vectors", ["embedding", "contexts"])
@pytest.mark.parametrize("softmax", ["tied", "full", "adaptive"])
@every_encoder
def test_what_is_loaded_encodes_the_same(name, softmax, vectors, corpus, tmp_path):
    model = small(
        name, objective="masked", softmax=softmax, vectors=vectors, average="mean"
    ).fit(corpus)  # fmt: skip
    model.save(tmp_path / "model")
    loaded = load_model(tmp_path / "model")
    texts = [" ".join(line) for line in sentences()[:40]]
    assert loaded.weights_.keys() == model.weights_.keys()
    for key, weight in model.weights_.items():
        assert np.asarray(loaded.weights_[key]).tobytes() == weight.tobytes(), key
    assert (loaded.encode(texts) == model.encode(texts)).all()
    if vectors == "embedding":
        embedding = model.weights_["encoder.embedding.weight"]
        assert (model.word_vectors_ == embedding[1:-1]).all()


def test_weights_of_another_size_are_refused(fitted, tmp_path):
    fitted["recurrent"].save(tmp_path / "model")
    config = json.loads((tmp_path / "model" / "config.json").read_text("utf-8"))
    for changes in ({"units": 5}, {"layers": 2}, {"dim": 5}, {"vectors": "contexts"}):
        changed = config | {"parameters": config["parameters"] | changes}
        (tmp_path / "model" / "config.json").write_text(json.dumps(changed), "utf-8")
        with pytest.raises(FormatError, match="weights are not those") as caught:
            load_model(tmp_path / "model")
        assert "\n" not in str(caught.value)


# Attention


def test_attention_of_a_text_is_of_its_known_words(fitted, tmp_path):
    model = fitted["transformer"]
    known = model.vocabulary_.words[:3]
    words, weights = model.attention(f"{known[0]} zzzz {known[1]} {known[2]}")
    assert words == list(known)
    assert weights.shape == (model.layers, model.heads, 3, 3)
    assert weights.sum(axis=-1) == pytest.approx(np.ones(weights.shape[:3]), abs=1e-5)
    model.save(tmp_path / "kept")
    again = load_model(tmp_path / "kept").attention(" ".join(known))[1]
    np.testing.assert_allclose(again, weights, atol=1e-6)


def test_attention_stops_at_the_longest_text(fitted):
    model = fitted["transformer"]
    word = model.vocabulary_.words[0]
    assert len(model.attention(f"{word} " * (model.longest + 5))[0]) == model.longest


def test_attention_of_unknown_words_is_an_error(fitted):
    with pytest.raises(InputError, match="knows no word of 'zzzz'"):
        fitted["transformer"].attention("zzzz")


def test_attention_has_the_learned_vector_first():
    model = TransformerEncoder(
        dim=8, heads=2, layers=1, objective="sentences", pooling="cls", epochs=1
    ).fit(["a b c d", "b c d a", "d a c b", "c d b a"] * 5)
    words, weights = model.attention("a b")
    assert words == ["[CLS]", "a", "b"]
    assert weights.shape == (1, 2, 3, 3)
