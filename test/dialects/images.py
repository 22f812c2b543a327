"""Images for tests of inference rules: sizes drawn, plain or channels-last, with or without a batch dimension."""

from infer_harness import CHANNELS_LAST, Arguments, Draw, meta

from etc.dialects import dtypes
from etc.dialects.infer import infer
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor, tensor

F32 = dtypes.float32
CHANNELS_LAST_IMAGE = tensor(F32, [2, 4, 9, 7], CHANNELS_LAST)


def image(d: Draw, spatial: int, channels: Dim, *, least: int = 0) -> Tensor:
    sizes = [d.b + least, d.c + least, d.d + least][:spatial]
    order = CHANNELS_LAST if spatial == 2 and d.flag() else None
    return tensor(F32, [d.a, channels, *sizes], order)


def unbatched(d: Draw, of: Tensor) -> Tensor:
    return tensor(of.dtype, of.sizes[1:]) if d.flag() else of


def hold_channels_last(overload: str, arguments: Arguments) -> None:
    """The rule's first result is channels-last, and so is torch's."""
    expected = meta(overload, arguments, "cpu")
    assert not isinstance(expected, Exception)
    assert infer(overload, arguments)[0].dim_order == CHANNELS_LAST
    assert expected[0].permute(*CHANNELS_LAST).is_contiguous()
