"""Turns a sentence-transformers folder into what the product runs: an int8 ONNX encoder and its tokenizer.

Dynamic int8, a scale per output channel, weights of seven bits (`reduce_range`): without VNNI, sums of eight-bit
products overflow. The feed-forward outputs of the first half of the layers stay float32: what goes into them reaches a
hundred standard deviations, and int8 ranges for that cost multilingual-e5-small more than all other products together
(nDCG@10 of covid-en and covid-de .894 and .629 with them in int8, .900 and .633 without).

nDCG@10, an article found by title, example questions or body (the greatest cosine), one text at a time, on AVX2:

                                stackfaq  covid-en  covid-de  roboai-en  -de   de2en  arduino  mean
    multilingual-e5-small fp32    .944      .900      .636      .910     .896   .842    .504    .805
                          int8    .945      .900      .633      .908     .896   .842    .506    .804
    all-MiniLM-L6-v2      fp32    .980      .873      .330      .923     .816   .373    .531    .689
                          int8    .980      .868      .323      .921     .815   .373    .528    .687
"""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, cast

from knowledge.embedding.huggingface import quiet_huggingface

if TYPE_CHECKING:
    import onnx
    import torch

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
LONGEST = 512  # positions both models have


def export(source: Path, folder: Path) -> None:
    """Write model.onnx and tokenizer.json of the BERT encoder in `source` into the existing `folder`.

    The ONNX model takes the `tokens` of one text (int64, 1 x tokens) and gives its `vector`: the mean of the last
    hidden states, unit norm (float32, 1 x dimensions).
    """
    with quiet_huggingface():
        _quantize(_exact(source), folder / MODEL)
    _export_tokenizer(source, folder / TOKENIZER)


def _exact(source: Path) -> "onnx.ModelProto":
    import torch
    from transformers import AutoModel

    # `eager` attention becomes fewer, fusable operators than torch's scaled_dot_product_attention does.
    encoder = AutoModel.from_pretrained(
        source, add_pooling_layer=False, attn_implementation="eager", local_files_only=True
    ).eval()

    class SentenceEncoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            embedded = self.encoder.embeddings(input_ids=tokens)
            states = self.encoder.encoder(embedded).last_hidden_state
            return torch.nn.functional.normalize(states.mean(1), dim=1)

    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it misses torchvision, which nothing here needs
    program = torch.onnx.export(
        SentenceEncoder().eval(),
        (torch.ones((1, 8), dtype=torch.int64),),
        input_names=["tokens"],
        output_names=["vector"],
        dynamic_shapes=({1: torch.export.Dim("length", max=LONGEST)},),
        dynamo=True,
        verbose=False,
    )
    return cast("torch.onnx.ONNXProgram", program).model_proto


def _quantize(exact: "onnx.ModelProto", target: Path) -> None:
    from onnxruntime.quantization import quantize_dynamic
    from onnxruntime.quantization.quant_utils import add_pre_process_metadata

    add_pre_process_metadata(exact)  # it is exported optimised; says so, or onnxruntime logs that it should be
    quantize_dynamic(exact, target, per_channel=True, reduce_range=True, nodes_to_exclude=_kept_exact(exact))


def _kept_exact(model: "onnx.ModelProto") -> list[str]:
    """The feed-forward outputs of the first half of the layers: the last of the six weight products of each layer."""
    weights = {tensor.name for tensor in model.graph.initializer}
    products = [node.name for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in weights]
    outputs = products[5::6]
    return outputs[: len(outputs) // 2]


def _export_tokenizer(source: Path, target: Path) -> None:
    from tokenizers import Tokenizer

    settings = json.loads((source / "sentence_bert_config.json").read_text())
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(min(settings["max_seq_length"], LONGEST))
    tokenizer.save(str(target), pretty=False)
