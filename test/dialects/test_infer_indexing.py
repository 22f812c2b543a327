"""Inference rules of indexing, gathering and scattering against torch, on the CPU since values are looked at."""

import pytest
from infer_harness import ALL, Arguments, Draw, Sample, refused, rule_test

from etc.dialects import dtypes
from etc.dialects.infer import infer
from etc.dialects.symbolic import symbol
from etc.dialects.tensor import Tensor, tensor

F32, I64, BOOL = dtypes.float32, dtypes.int64, dtypes.bool_
U = symbol("u")


def positions(d: Draw, *sizes: object) -> Tensor:
    return tensor(d.choice(dtypes.int64, dtypes.int32), sizes)  # pyright: ignore[reportArgumentType]


def indices(d: Draw) -> list[Tensor | None]:
    """For a tensor of rank 3; on adjacent dimensions or not, broadcasting among each other."""
    return d.choice(
        [positions(d, d.d)],
        [None, positions(d, d.d, 2)],
        [positions(d, d.d), positions(d, 3, 1)],
        [None, positions(d, d.d), positions(d, 1)],
        [positions(d, d.d), None, positions(d, 2, 1)],
        [None, None, positions(d)],
    )


def index(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a, d.b, d.c, dtype=d.dtype), "indices": indices(d)}


def index_put(d: Draw) -> Arguments:
    return {**index(d), "values": d.tensor(*d.choice([], [1]), dtype=d.dtype), "accumulate": d.flag()}


def line(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a, d.b, dtype=d.dtype), "dim": d.choice(1, -1), "index": positions(d, d.c)}


def with_source(d: Draw) -> Arguments:
    return {**line(d), "index": tensor(I64, [d.c]), "source": d.tensor(d.a, d.c, dtype=d.dtype)}


def with_value(sample: Sample, value: object) -> Sample:
    return lambda d: {**sample(d), "value": value}


def longs(d: Draw) -> Arguments:
    return {**line(d), "index": tensor(I64, [d.c])}


def fill_with_tensor(d: Draw) -> Arguments:
    return {**longs(d), "value": d.tensor(dtype=d.dtype)}


def gather(d: Draw) -> Arguments:
    return {
        "self": d.tensor(d.a + 1, d.b, d.c, dtype=d.dtype),
        "dim": d.choice(1, -2),
        "index": tensor(I64, [d.choice(d.a, 1), d.d, d.c]),
    }


def scatter(d: Draw) -> Arguments:
    self = d.tensor(d.a + 1, d.b, d.c, dtype=d.dtype)
    return {
        "self": self,
        "dim": 1,
        "index": tensor(I64, [d.a, d.d, d.c]),
        "src": d.tensor(d.a, d.d, d.c, dtype=d.dtype),
    }


def scatter_value(d: Draw) -> Arguments:
    return {**{k: v for k, v in scatter(d).items() if k != "src"}, "value": 1}


def reducing(sample: Sample, *ways: str) -> Sample:
    return lambda d: {**sample(d), "reduce": d.choice(*ways)}


def select_scatter(d: Draw) -> Arguments:
    self = d.tensor(d.a, d.b + 1, dtype=d.dtype)
    return {"self": self, "src": d.tensor(d.a, dtype=d.dtype), "dim": 1, "index": d.choice(0, -1)}


def slice_scatter(d: Draw) -> Arguments:
    self = d.tensor(d.a, d.b + 3, dtype=d.dtype)
    return {"self": self, "src": d.tensor(d.a, d.b, dtype=d.dtype), "dim": 1, "start": 1, "end": -2}


def masked_scatter(d: Draw) -> Arguments:
    self = d.any(dtype=d.dtype)
    return {"self": self, "mask": d.partner(self, dtype=BOOL), "source": d.tensor(d.a, d.b, dtype=d.dtype)}


def embedding(d: Draw) -> Arguments:
    return {"weight": d.tensor(d.a, d.b), "indices": positions(d, *d.choice([], [d.c], [d.c, d.d])), "padding_idx": -1}


def embedding_backward(d: Draw) -> Arguments:
    return {
        "grad_output": d.tensor(d.a, d.b, d.c),
        "indices": positions(d, d.a, d.b),
        "num_weights": d.choice(d.d, 5),
        "padding_idx": -1,
        "scale_grad_by_freq": False,
    }


def embedding_bag(d: Draw) -> Arguments:
    kind = d.choice(dtypes.int64, dtypes.int32)
    return {
        "weight": d.tensor(d.a + 1, d.b),
        "indices": tensor(kind, [d.c]),
        "offsets": tensor(kind, [d.d + 1]),
        "mode": d.choice(0, 1, 2),
        "include_last_offset": d.flag(),
        "padding_idx": d.choice(-1, 0),
    }


def public_bag(d: Draw) -> Arguments:
    return {name: value for name, value in embedding_bag(d).items() if name != "padding_idx"}


def padded_bag(d: Draw) -> Arguments:
    bag = {**embedding_bag(d), "padding_idx": d.choice(None, -1, 0)}
    return {**bag, "scale_grad_by_freq": False, "sparse": False, "per_sample_weights": None}


def repeat_int(d: Draw) -> Arguments:
    self = d.any()
    return {"self": self, "repeats": d.choice(0, 1, 3), "dim": d.choice(None, d.dim(self.rank))}


def take_along(d: Draw) -> Arguments:
    return {
        "self": d.tensor(d.a, d.b, d.choice(1, d.c), dtype=d.dtype),
        "indices": tensor(I64, [d.choice(1, d.a), d.d, d.c]),
        "dim": d.choice(None, 1, -2),
    }


SAMPLES: dict[str, Sample | list[Sample]] = {
    **dict.fromkeys(("index.Tensor", "_unsafe_index.Tensor"), index),
    **dict.fromkeys(("index_put", "_unsafe_index_put"), index_put),
    "index_select": line,
    **dict.fromkeys(("index_add", "index_copy"), with_source),
    "index_fill.int_Scalar": with_value(longs, 1),
    "index_fill.int_Tensor": fill_with_tensor,
    "gather": gather,
    **dict.fromkeys(("scatter.src", "scatter_add"), scatter),
    "scatter.value": scatter_value,
    "scatter.reduce": reducing(scatter, "add", "multiply"),
    "scatter.value_reduce": reducing(scatter_value, "add", "multiply"),
    "scatter_reduce.two": reducing(scatter, "sum", "prod", "mean", "amax", "amin"),
    "select_scatter": select_scatter,
    "slice_scatter": slice_scatter,
    "diagonal_scatter": lambda d: {"self": d.tensor(d.a, d.a), "src": d.tensor(d.a)},
    "embedding": embedding,
    "embedding_dense_backward": embedding_backward,
    **dict.fromkeys(("_embedding_bag", "_embedding_bag_forward_only"), embedding_bag),
    "embedding_bag": public_bag,
    "embedding_bag.padding_idx": padded_bag,
    "repeat_interleave.self_int": repeat_int,
    "take": lambda d: {"self": d.tensor(d.a + 1, d.b, dtype=d.dtype), "index": tensor(I64, d.shape())},
    "take_along_dim": take_along,
    "put": lambda d: {"self": d.tensor(d.a), "index": tensor(I64, [d.b]), "source": d.tensor(d.b)},
    "one_hot": lambda d: {"self": tensor(I64, d.shape()), "num_classes": d.choice(1, 5)},
}

test_rules = rule_test(SAMPLES, device="cpu")
test_masked_scatter = rule_test({"masked_scatter": masked_scatter})


def chosen(d: Draw) -> Arguments:
    self = d.any()
    return {"self": self, "mask": d.partner(self, dtype=BOOL)}


DATA_DECIDES_SIZES: dict[str, Sample | list[Sample]] = {
    **dict.fromkeys(("nonzero", "argwhere"), lambda d: {"self": d.any(1)}),
    "masked_select": chosen,
    "repeat_interleave.Tensor": lambda d: {"repeats": tensor(d.choice(I64, dtypes.int32), [d.a])},
}

test_sizes_decided_by_data = rule_test(DATA_DECIDES_SIZES, device="cpu")


@pytest.mark.parametrize(
    ("overload", "arguments", "result"),
    [
        ("nonzero", {"self": tensor(F32, [2, 3])}, tensor(I64, [U, 2])),
        ("argwhere", {"self": tensor(F32, [])}, tensor(I64, [U, 0])),
        ("masked_select", {"self": tensor(F32, [2, 3]), "mask": tensor(BOOL, [3])}, tensor(F32, [U])),
        ("repeat_interleave.Tensor", {"repeats": tensor(I64, [4])}, tensor(I64, [U])),
        ("repeat_interleave.Tensor", {"repeats": tensor(I64, [4]), "output_size": 7}, tensor(I64, [7])),
        (
            "repeat_interleave.self_Tensor",
            {"self": tensor(F32, [4, 2]), "repeats": tensor(I64, [4]), "dim": 0},
            tensor(F32, [U, 2]),
        ),
        (
            "index.Tensor",
            {"self": tensor(F32, [2, 3, 4]), "indices": [tensor(BOOL, [2, 3])]},
            tensor(F32, [U, 4]),
        ),
        ("one_hot", {"self": tensor(I64, [3])}, tensor(I64, [3, U])),
    ],
)
def test_sizes_that_the_data_decides(overload: str, arguments: Arguments, result: Tensor) -> None:
    assert infer(overload, arguments) == (result,)


IMAGE = tensor(F32, [2, 3, 4])

REFUSALS: list[tuple[str, Arguments, str]] = [
    (
        "index.Tensor",
        {"self": IMAGE, "indices": [tensor(I64, [1])] * 4},
        "4 indices are too many for a tensor of rank 3",
    ),
    (
        "index.Tensor",
        {"self": IMAGE, "indices": [tensor(F32, [1])]},
        "indices must be integers or masks, found float32",
    ),
    (
        "index_put",
        {"self": IMAGE, "indices": [tensor(I64, [2])], "values": tensor(F32, [5])},
        "shapes [5] and [2, 3, 4] do not broadcast: sizes 5 and 4 differ",
    ),
    (
        "gather",
        {"self": IMAGE, "dim": 0, "index": tensor(I64, [2, 4, 1])},
        "index has size 4 in dimension 1, more than self has: 3",
    ),
    (
        "scatter_add",
        {"self": IMAGE, "dim": 0, "index": tensor(I64, [2, 3, 1]), "src": tensor(F32, [2, 2, 1])},
        "index has size 3 in dimension 1, more than src has: 2",
    ),
    (
        "select_scatter",
        {"self": IMAGE, "src": tensor(F32, [2, 3]), "dim": 1, "index": 0},
        "src must have the sizes [2, 4], found [2, 3]",
    ),
    (
        "embedding",
        {"weight": tensor(F32, [3]), "indices": tensor(I64, [2])},
        "weight must have rank 2, found rank 1: [3]",
    ),
]


@pytest.mark.parametrize(("overload", "arguments", "sentence"), REFUSALS)
def test_refusals(overload: str, arguments: Arguments, sentence: str) -> None:
    assert refused(overload, device="cpu", **arguments) == sentence


def test_all_dtypes_are_data() -> None:
    for dtype in ALL:
        (result,) = infer("index_select", {"self": tensor(dtype, [2]), "dim": 0, "index": tensor(I64, [5])})
        assert result == tensor(dtype, [5])
