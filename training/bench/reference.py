"""PyTorch's side of the bench: the same models and steps, eager, a line of JSON in, a line of JSON out.

Numbers of the sizes are those of sizes.ts. PPO is TRL's PPOTrainer (1.12, the last release with one), value model apart.
Threads wait as PyTorch has them wait, spinning, which is best on idle cores; on a busy machine OMP_WAIT_POLICY=PASSIVE is.
"""

import json
import os
import resource
import sys
import time

os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

import torch
import torch.nn.functional as F
from transformers import LlamaConfig, LlamaForCausalLM, LlamaForSequenceClassification, TrainerCallback

SIZES = {
    "h512": dict(hidden=512, layers=4, heads=8, intermediate=1376, vocabulary=4096, width=128, rows=8),
    "h256": dict(hidden=256, layers=4, heads=4, intermediate=688, vocabulary=4096, width=128, rows=8),
    "demo": dict(hidden=96, layers=2, heads=3, intermediate=256, vocabulary=1024, width=64, rows=8),
}
PROMPT, RESPONSE, GENERATED, EPOCHS = 32, 32, 64, 2
torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)


def config(s, **more):
    return LlamaConfig(
        vocab_size=s["vocabulary"], hidden_size=s["hidden"], intermediate_size=s["intermediate"],
        num_hidden_layers=s["layers"], num_attention_heads=s["heads"], tie_word_embeddings=True,
        pad_token_id=0, eos_token_id=1, bos_token_id=None, max_position_embeddings=512, **more,
    )


def causal(s):
    return LlamaForCausalLM._from_config(config(s), attn_implementation="eager")


def scorer(s):
    return LlamaForSequenceClassification._from_config(config(s, num_labels=1), attn_implementation="eager")


def texts(s, rows, width):
    return torch.randint(2, s["vocabulary"], (rows, width), generator=torch.Generator().manual_seed(7))


def trained(model, loss):
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.1)

    def step():
        optimiser.zero_grad()
        value = loss()
        value.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        value.item()

    return step


def sft(s):
    model = causal(s)
    ids = texts(s, s["rows"], s["width"])
    step = trained(model, lambda: model(input_ids=ids, labels=ids).loss)
    return lambda: (step(), {"tokens": ids.numel()})[1]


def reward(s):
    model = scorer(s)
    ids = texts(s, 2 * s["rows"], s["width"])

    def loss():
        scores = model(input_ids=ids).logits[:, 0]
        return -F.logsigmoid(scores[0::2] - scores[1::2]).mean()

    step = trained(model, loss)
    return lambda: (step(), {"tokens": ids.numel()})[1]


def generate(s):
    model = causal(s).eval()
    ids = texts(s, s["rows"], PROMPT)

    def step():
        with torch.no_grad():
            out = model.generate(
                ids, attention_mask=torch.ones_like(ids), do_sample=False, min_new_tokens=GENERATED,
                max_new_tokens=GENERATED, use_cache=True,
            )
        return {"tokens": (out.shape[1] - PROMPT) * out.shape[0]}

    return step


class Clock(TrainerCallback):
    """When each step ended; TRL's trainer has no step to call."""

    def __init__(self):
        self.ends = []

    def on_step_end(self, args, state, control, **_):
        self.ends.append((time.perf_counter(), time.process_time()))


def ppo(s):
    from datasets import Dataset
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast
    from trl.experimental.ppo import PPOConfig, PPOTrainer

    words = {f"w{i}": i for i in range(s["vocabulary"])}
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel(words, unk_token="w2")), pad_token="w0", eos_token="w1",
        padding_side="left",
    )
    prompts = Dataset.from_dict({"input_ids": texts(s, s["rows"], PROMPT).tolist()})
    steps = 3
    arguments = PPOConfig(
        output_dir=os.environ.get("TMPDIR", "/tmp") + "/qingnang-bench-trl", report_to=[], use_cpu=True, bf16=False,
        per_device_train_batch_size=s["rows"], gradient_accumulation_steps=1, num_mini_batches=1,
        num_ppo_epochs=EPOCHS, total_episodes=steps * s["rows"], response_length=RESPONSE, temperature=1.0,
        local_rollout_forward_batch_size=s["rows"], num_sample_generations=0, save_strategy="no", logging_steps=1e9,
        learning_rate=1e-4, kl_coef=0.05, disable_tqdm=True, gradient_checkpointing=False,
    )
    clock = Clock()
    trainer = PPOTrainer(
        args=arguments, processing_class=tokenizer, model=causal(s), ref_model=causal(s), reward_model=scorer(s),
        value_model=scorer(s), train_dataset=prompts, callbacks=[clock],
    )

    def step():
        clock.ends.clear()
        sys.stdout, kept = sys.stderr, sys.stdout
        try:
            trainer.train()
        finally:
            sys.stdout = kept
        (from_wall, from_cpu), (to_wall, to_cpu) = clock.ends[0], clock.ends[-1]
        n = len(clock.ends) - 1
        return {
            "tokens": s["rows"] * RESPONSE,
            "milliseconds": 1000 * (to_wall - from_wall) / n,
            "cpuMilliseconds": 1000 * (to_cpu - from_cpu) / n,
        }

    return step


def matmul(_):
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)

    def step():
        best, until = float("inf"), time.perf_counter() + 0.3
        while time.perf_counter() < until:
            started = time.perf_counter()
            a @ b
            best = min(best, time.perf_counter() - started)
        return {"tokens": 0, "rate": 2 * 1024**3 / best / 1e9}

    return step


JOBS = {"sft": sft, "reward": reward, "generate": generate, "ppo": ppo, "matmul": matmul}


def main():
    import transformers
    import trl

    versions = f"PyTorch {torch.__version__}, transformers {transformers.__version__}, TRL {trl.__version__}"
    print(json.dumps({"ready": {"backend": "pytorch", "versions": versions}}), flush=True)
    made = {}
    for line in sys.stdin:
        order = json.loads(line)
        key = (order["job"], order["size"])
        if key not in made:
            torch.manual_seed(1)
            made[key] = JOBS[order["job"]](SIZES[order["size"]])
            made[key]()
        wall, cpu = time.perf_counter(), time.process_time()
        took = made[key]()
        took.setdefault("milliseconds", 1000 * (time.perf_counter() - wall))
        took.setdefault("cpuMilliseconds", 1000 * (time.process_time() - cpu))
        took["peakRss"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps(took), flush=True)


main()
