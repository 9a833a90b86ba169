"""Cross-entropy with smoothed labels as torch computes it, in float64: losses/label_smoothing.json."""

import argparse
import json
from pathlib import Path

import torch
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent)
out = parser.parse_args().out / "losses" / "label_smoothing.json"

generator = torch.Generator().manual_seed(7)
cases = []
for scale in (1.0, 40.0):
    for smoothing in (0.0, 0.1, 0.3):
        logits = (scale * torch.randn(5, 7, generator=generator, dtype=torch.float64)).requires_grad_()
        targets = torch.randint(7, (5,), generator=generator)
        each = F.cross_entropy(logits, targets, reduction="none", label_smoothing=smoothing)
        each.mean().backward()
        cases.append(
            {
                "label_smoothing": smoothing,
                "logits": logits.tolist(),
                "targets": targets.tolist(),
                "loss_each": each.tolist(),
                "grad_of_mean": logits.grad.tolist(),
            }
        )
out.write_text(json.dumps({"seed": 7, "torch": torch.__version__, "cases": cases}) + "\n")
