"""Inference rules of views, slices, concatenation, repetition and padding against torch."""

from collections.abc import Callable

import pytest
from infer_harness import CHANNELS_LAST, Arguments, Draw, Sample, refused, rule_test

from etc.dialects import dtypes
from etc.dialects.infer import infer
from etc.dialects.symbolic import symbol
from etc.dialects.tensor import Tensor, tensor

F32, I64 = dtypes.float32, dtypes.int64
S0 = symbol("s0")


def regroup(d: Draw) -> Arguments:
    """Factors of the element count, in another grouping, one of them -1."""
    size = d.choice([d.a, -1], [d.b * d.c, d.a], [-1], [d.a, d.c, d.b], [1, d.a * d.b, -1, 1])
    return {"self": d.tensor(d.a, d.b, d.c, dtype=d.dtype), "size": size}


def renamed(sample: Sample, **names: str) -> Sample:
    return lambda d: {names.get(name, name): value for name, value in sample(d).items()}


def flatten(d: Draw) -> Arguments:
    self = d.any(1)
    start = d.rng.randrange(self.rank)
    end = d.rng.randrange(start, self.rank)
    return {"self": self, "start_dim": start, "end_dim": end - self.rank}


def permute(d: Draw) -> Arguments:
    self = d.any()
    dims = d.rng.sample(range(self.rank), self.rank)
    return {"self": self, "dims": [x - self.rank if d.flag() else x for x in dims]}


def two_dims(first: str, second: str) -> Sample:
    def sample(d: Draw) -> Arguments:
        self = d.any(1)
        return {"self": self, first: d.dim(self.rank), second: d.dim(self.rank)}

    return sample


def movedims(d: Draw) -> Arguments:
    self = d.any(1)
    source = d.dims(self.rank)
    return {"self": self, "source": source, "destination": d.rng.sample(range(self.rank), len(source))}


def expand(d: Draw) -> Arguments:
    size = d.shape(1)
    self = d.tensor(*d.stretchable(size), dtype=d.dtype)
    kept = len(size) - self.rank
    return {"self": self, "size": [-1 if i >= kept and d.flag() else s for i, s in enumerate(size)]}


def one(low: int = 0, high: int = 4) -> Sample:
    return lambda d: {"self": d.any(low, high)}


def squeezable(dim: Callable[[Draw], int | list[int]]) -> Sample:
    """A symbolic size stays, so that none of them may become 1."""
    return lambda d: {"self": d.tensor(d.a + 1, 1, d.b + 1, dtype=d.dtype), "dim": dim(d)}


def unsqueeze(d: Draw) -> Arguments:
    self = d.any()
    return {"self": self, "dim": d.dim(self.rank + 1)}


def some_dims(name: str) -> Sample:
    def sample(d: Draw) -> Arguments:
        self = d.any(1)
        return {"self": self, name: d.dims(self.rank)}

    return sample


def as_strided(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a, d.b), "size": [d.b, d.a], "stride": [1, d.b], "storage_offset": 0}


def unfold(d: Draw) -> Arguments:
    return {
        "self": d.tensor(d.a, d.b + 3, dtype=d.dtype),
        "dimension": d.choice(1, -1),
        "size": 3,
        "step": d.choice(1, 2),
    }


def diagonal(d: Draw) -> Arguments:
    self = d.tensor(d.a, d.b, d.c)
    first, second = d.rng.sample([0, 1, 2], 2)
    return {"self": self, "offset": d.choice(0, 1, -1, 3), "dim1": first, "dim2": second - 3}


def diag_embed(d: Draw) -> Arguments:
    first, second = d.rng.sample([0, 1, 2], 2)
    return {"self": d.tensor(d.a, d.b), "offset": d.choice(0, 1, -2), "dim1": first, "dim2": second - 3}


def bounds(d: Draw) -> Arguments:
    self = d.tensor(d.a + 1, d.b + 1, d.c + 1, d.d + 1, dtype=d.dtype)
    size = self.sizes[1]
    start = d.choice(None, 0, 1, -2, 3, size, size - 1)
    end = d.choice(None, 0, 2, -1, 5, 2**63 - 1, size, size - 1)
    return {"self": self, "dim": d.choice(1, -3), "start": start, "end": end, "step": d.choice(1, 2, 3)}


def narrow(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a + 2, d.b), "dim": 0, "start": d.choice(0, 1, -2), "length": d.choice(1, 0)}


def select(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a + 1, d.b, dtype=d.dtype), "dim": d.choice(0, -2), "index": d.choice(0, 1, -1)}


def split(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a, 7, dtype=d.dtype), "split_size": d.choice(1, 2, 3, 7, 9), "dim": d.choice(1, -1)}


def split_with_sizes(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a + d.b + 2, d.c), "split_sizes": [d.a, 2, d.b], "dim": 0}


def chunk(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a, d.choice(5, 6, 8), dtype=d.dtype), "chunks": d.choice(1, 2, 3, 4), "dim": 1}


def even_chunk(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a, d.b * 6), "chunks": d.choice(1, 2, 3), "dim": 1}


def tensor_split(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a, d.b), "sections": d.choice(1, 2, 3), "dim": 0}


def unbind(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a, d.choice(1, 3), d.b), "dim": d.choice(1, -2)}


def cat(d: Draw) -> Arguments:
    order = d.choice(None, CHANNELS_LAST)
    parts = [
        tensor(d.choice(d.dtype, d.other), [2, size, d.c, d.d], order)
        for size in d.choice([d.a], [d.a, d.b, 3], [d.b, d.b])
    ]
    if d.flag():
        parts.insert(0, d.tensor(0, dtype=d.dtype))
    return {"tensors": parts, "dim": d.choice(1, -3)}


def stack(d: Draw) -> Arguments:
    self = d.any(0, 3)
    return {"tensors": [self] * d.choice(1, 2, 3), "dim": d.dim(self.rank + 1)}


def join(low: int) -> Sample:
    def sample(d: Draw) -> Arguments:
        self = d.any(low)
        return {"tensors": [self] * d.choice(1, 2)}

    return sample


def repeat(d: Draw) -> Arguments:
    self = d.any(0, 2)
    return {"self": self, "repeats": d.choice([2, 1], [1, d.b, 3], [0, 2, 1])}


def roll(d: Draw) -> Arguments:
    self = d.any(2)
    return {
        "self": self,
        **d.choice({"shifts": [2]}, {"shifts": [1, -1], "dims": [0, -1]}, {"shifts": [3], "dims": [1]}),
    }


def rot90(d: Draw) -> Arguments:
    return {"self": d.any(2), "k": d.choice(-1, 0, 1, 2, 5), "dims": d.choice([0, 1], [1, 0], [-1, -2])}


def meshgrid(d: Draw) -> Arguments:
    return {"tensors": [d.tensor(d.a, dtype=d.dtype), d.tensor(dtype=d.dtype), d.tensor(d.b, dtype=d.dtype)]}


def constant_pad(d: Draw) -> Arguments:
    self = d.tensor(d.a, d.b + 1, d.c + 1, d.d + 1, dtype=d.dtype, order=d.choice(None, CHANNELS_LAST))
    return {"self": self, "pad": d.choice([1, 2], [0, 0, -1, 3], [2, 0, 0, 1, -1, 1], [d.a, 0])}


def image_pad(spatial: int, *, batched: bool | None = None) -> Sample:
    def sample(d: Draw) -> Arguments:
        image = [d.b + 2, d.c + 2, d.d + 2][:spatial]
        front = [d.a, 3] if (d.flag() if batched is None else batched) else [3]
        return {"self": d.tensor(*front, *image), "padding": [d.choice(0, 1, 2) for _ in range(2 * spatial)]}

    return sample


def pad(d: Draw) -> Arguments:
    mode = d.choice("constant", "reflect", "replicate", "circular")
    return {"self": d.tensor(d.a, 3, d.b + 2, d.c + 2), "pad": [1, 0, 2, 1], "mode": mode}


def pixel_shuffle(d: Draw) -> Arguments:
    factor = d.choice(1, 2, 3)
    return {"self": d.tensor(*d.choice([], [d.a]), d.b * factor * factor, d.c, d.d), "upscale_factor": factor}


def pixel_unshuffle(d: Draw) -> Arguments:
    factor = d.choice(1, 2, 3)
    return {"self": d.tensor(*d.choice([], [d.a]), d.b, d.c * factor, d.d * factor), "downscale_factor": factor}


SAMPLES: dict[str, Sample | list[Sample]] = {
    **dict.fromkeys(("view", "view_copy", "_unsafe_view"), regroup),
    "reshape": renamed(regroup, size="shape"),
    "_reshape_alias": lambda d: {"self": d.tensor(d.a, d.b), "size": [d.a * d.b], "stride": [1]},
    "view_as": lambda d: {"self": d.tensor(d.a, d.b), "other": d.tensor(d.b, d.a)},
    "ravel": one(),
    "flatten.using_ints": flatten,
    "unflatten.int": lambda d: {"self": d.tensor(d.a, d.b * 6), "dim": -1, "sizes": d.choice([2, -1], [d.b, 2, 3])},
    **dict.fromkeys(("permute", "permute_copy"), permute),
    **dict.fromkeys(("transpose.int", "transpose_copy.int"), two_dims("dim0", "dim1")),
    "swapaxes": two_dims("axis0", "axis1"),
    **dict.fromkeys(("t", "t_copy"), one(0, 2)),
    "numpy_T": one(),
    **dict.fromkeys(("mT", "adjoint"), one(2)),
    "movedim.int": two_dims("source", "destination"),
    "movedim.intlist": movedims,
    **dict.fromkeys(("expand", "expand_copy", "broadcast_to"), expand),
    "expand_as": lambda d: {"self": d.tensor(1, d.b), "other": d.tensor(d.a, d.c, d.b)},
    **dict.fromkeys(("squeeze.dim", "squeeze_copy.dim"), squeezable(lambda d: d.dim(3))),
    **dict.fromkeys(("squeeze.dims", "squeeze_copy.dims"), squeezable(lambda d: d.dims(3))),
    **dict.fromkeys(("unsqueeze", "unsqueeze_copy"), unsqueeze),
    **dict.fromkeys(("as_strided", "as_strided_copy"), as_strided),
    **dict.fromkeys(("unfold", "unfold_copy"), unfold),
    **dict.fromkeys(("diagonal", "diagonal_copy"), diagonal),
    "diag_embed": diag_embed,
    "pixel_shuffle": pixel_shuffle,
    "pixel_unshuffle": pixel_unshuffle,
    "channel_shuffle": lambda d: {"self": d.tensor(d.a, d.b * 3, d.c), "groups": 3},
    **dict.fromkeys(("slice.Tensor", "slice_copy.Tensor"), bounds),
    **dict.fromkeys(("narrow", "narrow_copy"), narrow),
    **dict.fromkeys(("select.int", "select_copy.int"), select),
    **dict.fromkeys(("split.Tensor", "split_copy.Tensor", "unsafe_split.Tensor"), split),
    **dict.fromkeys(("split_with_sizes", "split_with_sizes_copy", "unsafe_split_with_sizes"), split_with_sizes),
    "split.sizes": renamed(split_with_sizes, split_sizes="split_size"),
    **dict.fromkeys(("chunk", "unsafe_chunk"), [chunk, even_chunk]),
    "tensor_split.sections": tensor_split,
    **dict.fromkeys(("unbind.int", "unbind_copy.int"), unbind),
    **dict.fromkeys(("cat", "concat", "concatenate"), cat),
    "stack": stack,
    "hstack": join(1),
    "vstack": join(0),
    "repeat": repeat,
    "tile": renamed(repeat, repeats="dims"),
    "flip": some_dims("dims"),
    "fliplr": one(2),
    "flipud": one(1),
    "roll": roll,
    "rot90": rot90,
    "meshgrid": meshgrid,
    "constant_pad_nd": constant_pad,
    "pad": pad,
    "reflection_pad1d": image_pad(1),
    "reflection_pad2d": image_pad(2),
    "reflection_pad3d": image_pad(3, batched=True),
    "replication_pad1d": image_pad(1),
    "replication_pad2d": image_pad(2),
    "replication_pad3d": image_pad(3),
}

test_rules = rule_test(SAMPLES)


@pytest.mark.parametrize("overload", ["squeeze", "squeeze_copy"])
def test_squeeze_keeps_symbolic_sizes(overload: str) -> None:
    assert infer(overload, {"self": tensor(F32, [1, S0, 1, 3])}) == (tensor(F32, [S0, 3]),)


def sliced(size: object, start: object, end: object, step: int = 1) -> str:
    (result,) = infer("slice.Tensor", {"self": tensor(F32, [size]), "start": start, "end": end, "step": step})  # pyright: ignore[reportArgumentType]
    return str(result.sizes[0])


def test_slices_of_symbolic_sizes_are_simple_where_the_size_is_known_to_suffice() -> None:
    assert sliced(S0, None, None) == "s0"
    assert sliced(S0, 0, 2**63 - 1) == "s0"
    assert sliced(S0 + 3, 2, None) == "s0 + 1"
    assert sliced(S0 + 3, None, -1) == "s0 + 2"
    assert sliced(S0, 1, None) == "max(0, s0 - 1)"
    assert sliced(S0, None, 4) == "min(4, s0)"
    assert sliced(2048, None, S0) == "min(2048, s0)"
    assert sliced(S0 * 2, None, S0) == "s0"


def test_known_sizes_decide_in_concatenation() -> None:
    parts = [tensor(F32, [S0, 2]), tensor(F32, [3, 2])]
    assert infer("cat", {"tensors": parts, "dim": 1}) == (tensor(F32, [3, 4]),)


def test_views_of_channels_last_are_plain_and_concatenation_keeps_it() -> None:
    image = tensor(F32, [2, 3, 4, 5], CHANNELS_LAST)
    assert infer("slice_copy.Tensor", {"self": image, "dim": 1, "end": 2})[0].dim_order is None
    assert infer("cat", {"tensors": [image, image], "dim": 1})[0].dim_order == CHANNELS_LAST


IMAGE = tensor(F32, [2, 3, 4, 5])
VECTOR = tensor(F32, [6])

REFUSALS: list[tuple[str, Arguments, str]] = [
    ("view", {"self": VECTOR, "size": [4, -1]}, "sizes [4, -1] do not divide the 6 elements of the tensor"),
    ("view", {"self": VECTOR, "size": [-1, -1]}, "sizes [-1, -1] have more than one -1"),
    ("view", {"self": VECTOR, "size": [5]}, "sizes [5] hold 5 elements, the tensor has 6"),
    ("permute", {"self": IMAGE, "dims": [0, 1, 1, 2]}, "the dimensions [0, 1, 1, 2] name one dimension twice"),
    ("permute", {"self": IMAGE, "dims": [0, 1]}, "dims [0, 1] must name each of the 4 dimensions once"),
    ("expand", {"self": VECTOR, "size": [2, 5]}, "dimension 0 has size 6 and cannot be expanded to 5"),
    ("select.int", {"self": IMAGE, "dim": 1, "index": 3}, "index 3 is out of range for dimension 1 of size 3"),
    ("slice.Tensor", {"self": VECTOR, "step": 0}, "step must be positive, found 0"),
    (
        "split_with_sizes",
        {"self": VECTOR, "split_sizes": [2, 3]},
        "split_sizes [2, 3] sum to 5, dimension 0 has size 6",
    ),
    (
        "cat",
        {"tensors": [IMAGE, tensor(F32, [2, 3, 4, 6])], "dim": 1},
        "sizes [2, 3, 4, 5] and [2, 3, 4, 6] differ outside of dimension 1",
    ),
    ("repeat", {"self": IMAGE, "repeats": [2]}, "repeats [2] must have at least 4 values, one per dimension"),
    (
        "constant_pad_nd",
        {"self": VECTOR, "pad": [-4, -3]},
        "padding [-4, -3] removes more than the 6 elements of dimension 0",
    ),
    (
        "reflection_pad2d",
        {"self": IMAGE, "padding": [5, 0, 0, 0]},
        "padding of a dimension of size 5 must be at most 4 in mode reflect, found 5",
    ),
    (
        "pixel_shuffle",
        {"self": IMAGE, "upscale_factor": 2},
        "3 channels are not a multiple of upscale_factor squared, 4",
    ),
    ("unsqueeze", {"self": VECTOR, "dim": 2}, "dimension 2 is out of range for a tensor of rank 2"),
]


@pytest.mark.parametrize(("overload", "arguments", "sentence"), REFUSALS)
def test_refusals(overload: str, arguments: Arguments, sentence: str) -> None:
    assert refused(overload, **arguments) == sentence


def test_parts_must_be_countable() -> None:
    whole: Tensor = tensor(F32, [S0])
    for overload, arguments in (("unbind.int", {}), ("split.Tensor", {"split_size": 2})):
        with pytest.raises(Exception, match="known only at run time"):
            infer(overload, {"self": whole, **arguments})
