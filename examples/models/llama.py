"""A Llama-style decoder that runs token by token: 15.2M parameters, the KV cache in mutable buffers.

RMS norm, rotary position embedding (arXiv:2104.09864), SwiGLU (arXiv:2002.05202), output weight tied to the embedding.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from examples.models.spec import FIXED_SEED, Example, Facts, ModelSpec, Run, generator

VOCABULARY, WIDTH, LAYERS, HEADS, HIDDEN, POSITIONS = 32_000, 288, 6, 6, 768, 256
STEPS = 20


def rotary_table(positions: int, head_width: int, base: float = 10_000.0) -> tuple[Tensor, Tensor]:
    """Cosines and sines f32[positions, head_width / 2] of the rotation angles."""
    frequencies = base ** (-torch.arange(0, head_width, 2).float() / head_width)
    angles = torch.outer(torch.arange(positions).float(), frequencies)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate the pairs (x[2i], x[2i+1]) of f32[1, heads, 1, head_width] by the angles of one position."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)


class Attention(nn.Module):
    """Attention of one new token to all tokens so far, whose keys and values are kept in buffers."""

    keys: Tensor
    values: Tensor

    def __init__(self):
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH, bias=False)
        self.key = nn.Linear(WIDTH, WIDTH, bias=False)
        self.value = nn.Linear(WIDTH, WIDTH, bias=False)
        self.output = nn.Linear(WIDTH, WIDTH, bias=False)
        for name in ("keys", "values"):
            self.register_buffer(name, torch.zeros(1, HEADS, POSITIONS, WIDTH // HEADS))

    def forward(self, x: Tensor, position: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        query, key, value = (
            layer(x).view(1, 1, HEADS, WIDTH // HEADS).transpose(1, 2) for layer in (self.query, self.key, self.value)
        )
        self.keys[:, :, position] = rotate(key, cos, sin)
        self.values[:, :, position] = value
        query = rotate(query, cos, sin)
        seen = F.scaled_dot_product_attention(query, self.keys, self.values, attn_mask=mask)
        return self.output(seen.transpose(1, 2).reshape(1, 1, WIDTH))


class FeedForward(nn.Module):
    """SwiGLU: down(silu(gate(x)) * up(x))."""

    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.up = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.down = nn.Linear(HIDDEN, WIDTH, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.silu(self.gate(x)) * self.up(x))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention_norm = nn.RMSNorm(WIDTH, eps=1e-5)
        self.attention = Attention()
        self.feed_forward_norm = nn.RMSNorm(WIDTH, eps=1e-5)
        self.feed_forward = FeedForward()

    def forward(self, x: Tensor, position: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        x = x + self.attention(self.attention_norm(x), position, cos, sin, mask)
        return x + self.feed_forward(self.feed_forward_norm(x))


class Decoder(nn.Module):
    """token i64[1, 1], position i64[1] -> logits f32[1, 1, 32000] of the next token; positions come in order from 0."""

    cos: Tensor
    sin: Tensor
    causal: Tensor

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.RMSNorm(WIDTH, eps=1e-5)
        self.logits = nn.Linear(WIDTH, VOCABULARY, bias=False)
        self.logits.weight = self.embedding.weight
        cos, sin = rotary_table(POSITIONS, WIDTH // HEADS)
        self.register_buffer("cos", cos)
        self.register_buffer("sin", sin)
        self.register_buffer("causal", torch.ones(POSITIONS, POSITIONS, dtype=torch.bool).tril())

    def forward(self, token: Tensor, position: Tensor) -> Tensor:
        cos, sin, mask = self.cos[position], self.sin[position], self.causal[position]
        x = self.embedding(token)
        for block in self.blocks:
            x = block(x, position, cos, sin, mask)
        return self.logits(self.norm(x))


def llama() -> Example:
    module, source = Decoder(), generator()
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name.endswith("norm.weight"):
                parameter.uniform_(0.5, 1.5, generator=source)
            else:
                parameter.normal_(0, 0.05, generator=source)
    return Example(module.eval(), (torch.tensor([[7]]), torch.tensor([0])))


def decode(run: Run, steps: int = STEPS, start: int = 1) -> list[Tensor]:
    """Feed fixed tokens step by step; the logits f32[32000] of each step.

    The tokens do not depend on the logits, so that a rounding difference cannot make two runs part.
    """
    tokens = torch.randint(VOCABULARY, (steps,), generator=generator(start))
    return [run(token.view(1, 1), torch.tensor([step])).flatten() for step, token in enumerate(tokens)]


def check_llama(run: Run) -> Facts:
    """The last logits follow from all tokens so far: they equal those of attention over the whole sequence."""
    last = decode(run)[-1]
    expected = whole_sequence_logits(llama().module)
    error = float((last - expected).abs().max() / expected.abs().max())
    assert error < 1e-4, f"the KV cache lost something: relative error {error:g} after {STEPS} steps"
    return {"relative error to the whole sequence": error}


def whole_sequence_logits(module: nn.Module, steps: int = STEPS, start: int = 1) -> Tensor:
    """The logits f32[32000] of `decode`'s last step, computed without a cache: the definition of the decoder."""
    assert isinstance(module, Decoder)
    tokens = torch.randint(VOCABULARY, (steps,), generator=generator(start))
    cos, sin = module.cos[:steps], module.sin[:steps]
    with torch.no_grad():
        x = module.embedding(tokens)[None]
        for block in module.blocks:
            assert isinstance(block, Block)
            attention, normal = block.attention, block.attention_norm(x)
            query, key, value = (
                layer(normal).view(1, steps, HEADS, -1).transpose(1, 2)
                for layer in (attention.query, attention.key, attention.value)
            )
            query, key = rotate(query, cos, sin), rotate(key, cos, sin)
            seen = F.scaled_dot_product_attention(query, key, value, is_causal=True)
            x = x + attention.output(seen.transpose(1, 2).reshape(1, steps, WIDTH))
            x = x + block.feed_forward(block.feed_forward_norm(x))
        return module.logits(module.norm(x[:, -1])).flatten()


SPECS = (
    ModelSpec("llama", llama, FIXED_SEED, "Llama-style decoder, one token a call, KV cache in buffers", check_llama),
)
