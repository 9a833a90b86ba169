"""What transformers' logits processors leave of fixed rows of logits.

    python make_sampling.py [--seed 7] [--out DIR] [--config config.json]

Writes sampling/processors.json: float64 logits with four decimals, and for each case the processed logits (null = −infinity).
Two logits of each row are equal, away from every edge.
"""

from common import arguments, made_with, rng, write_json

import numpy as np
import torch
from transformers import (
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

args = arguments(__doc__)
draws = rng(args.seed, "sampling")
logits = torch.from_numpy(np.round(3 * draws.standard_normal((4, 24)), 4))
logits[:, 5] = logits[:, 17]
seen = torch.from_numpy(draws.integers(0, 24, (4, 6)))

cases = [
    {"name": "repetition", "repetition_penalty": 1.3},
    {"name": "praise for repetition", "repetition_penalty": 0.7},
    {"name": "top k", "top_k": 5},
    {"name": "top p", "top_p": 0.8},
    {"name": "top p, one token", "top_p": 1e-6},
    {"name": "top p at a temperature", "top_p": 0.8, "temperature": 1.7},
    {"name": "all", "repetition_penalty": 1.2, "temperature": 0.6, "top_k": 8, "top_p": 0.9},
]
for case in cases:
    scores = logits.clone()
    if "repetition_penalty" in case:
        scores = RepetitionPenaltyLogitsProcessor(case["repetition_penalty"])(seen, scores)
    if "temperature" in case:
        scores = TemperatureLogitsWarper(case["temperature"])(seen, scores)
    if "top_k" in case:
        scores = TopKLogitsWarper(case["top_k"])(seen, scores)
    if "top_p" in case:
        scores = TopPLogitsWarper(case["top_p"])(seen, scores)
    case["processed"] = scores
    case["probabilities"] = torch.softmax(scores, -1)

write_json(
    args.out / "sampling" / "processors.json",
    {"seed": args.seed, **made_with("transformers", "torch"), "logits": logits, "seen": seen, "cases": cases},
)
