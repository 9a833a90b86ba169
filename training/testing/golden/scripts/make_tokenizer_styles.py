"""Tokenizers of other styles than `make_tokenizer.py`'s, with templates of three families, and the merges of BPE trainings.

    python make_tokenizer_styles.py [--seed 7] [--out DIR] [--config config.json]

Writes tokenizer-styles/: gpt2.json, llama3.json, llama2-legacy.json, llama2-metaspace.json (files, strings, chats), merges.json.
Each chat is masked by a template with {% generation %}; `plain_template` is the same without, as most folders have it.
"""

import json
import re
import shutil

from common import arguments, made_with, read_lines, rng, write_json
from make_tokenizer import PATTERNS, STRINGS, make_dialogues

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

CHATML = """{%- for message in messages %}
    {%- if message.role == 'assistant' %}
        {{- '<|im_start|>assistant\\n' }}
        {%- generation %}{{- message.content + '<|im_end|>' }}{%- endgeneration %}
        {{- '\\n' }}
    {%- else %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""
LLAMA3 = """{{- bos_token }}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}
    {%- if message['role'] == 'assistant' %}
{% generation %}
        {{- message['content'] | trim + '<|eot_id|>' }}
        {%- endgeneration %}
    {%- else %}
        {{- message['content'] | trim + '<|eot_id|>' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
"""
LLAMA2 = (
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}"
    "{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
    "{% for message in loop_messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    "{% if loop.index0 == 0 and system_message != false %}"
    "{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}"
    "{% else %}{% set content = message['content'] %}{% endif %}"
    "{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}"
    "{% elif message['role'] == 'assistant' %}"
    "{% generation %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endgeneration %}{% endif %}{% endfor %}"
)


def without_blocks(template: str) -> str:
    """The same text without generation blocks: a statement that does nothing stands in their place."""
    return re.sub(r"\{%([-+]?) ?(end)?generation ?([-+]?)%\}",
                  lambda m: "{%" + m[1] + (" endif " if m[2] else " if true ") + m[3] + "%}", template)


def byte_level(lines, size, special, use_regex, pattern=None):
    tokenizer = Tokenizer(models.BPE())
    split = [pre_tokenizers.Split(Regex(pattern), behavior="isolated")] if pattern else []
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [*split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=use_regex)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=size, special_tokens=special, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


def sentence_piece(lines, size, legacy):
    """Llama 2's: a space in front, `▁` for spaces, unknown characters as bytes. Legacy folders do the first by normaliser."""
    special = ["<unk>", "<s>", "</s>"]
    bytes_ = [f"<0x{b:02X}>" for b in range(256)]
    learner = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    learner.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    learner.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=size - 256, special_tokens=special, show_progress=False, limit_alphabet=60, max_token_length=8))
    state = json.loads(learner.to_str())["model"]
    pieces = [token for token, _ in sorted(state["vocab"].items(), key=lambda item: item[1]) if token not in special]
    vocab = {token: i for i, token in enumerate([*special, *bytes_, *pieces])}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[tuple(m) for m in state["merges"]], unk_token="<unk>",
                                     byte_fallback=True, fuse_unk=True))
    if legacy:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in special])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return tokenizer


def describe(name, tokenizer, template, named, strings, dialogues):
    cases = []
    for text in strings:
        encoded = tokenizer.encode(text, add_special_tokens=False)
        cases.append({"text": text, "ids": encoded.ids,
                      "decoded": tokenizer.decode(encoded.ids, skip_special_tokens=False),
                      "decoded_skip_special": tokenizer.decode(encoded.ids, skip_special_tokens=True),
                      "decoded_cut": tokenizer.decode(encoded.ids[1:-1], skip_special_tokens=False)})
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, clean_up_tokenization_spaces=False, **named)
    wrapped.chat_template = template
    chats = []
    for messages in dialogues:
        last = messages[-1]["role"] == "user"
        out = wrapped.apply_chat_template(messages, tokenize=True, return_dict=True, return_assistant_tokens_mask=not last,
                                          add_generation_prompt=last)
        chats.append({"messages": messages, "add_generation_prompt": last,
                      "rendered": wrapped.apply_chat_template(messages, tokenize=False, add_generation_prompt=last),
                      "input_ids": out["input_ids"], "assistant_mask": None if last else out["assistant_masks"]})
    plain = without_blocks(template)
    wrapped.chat_template = plain
    for messages, chat in zip(dialogues, chats):
        assert wrapped.apply_chat_template(messages, tokenize=False, add_generation_prompt=chat["add_generation_prompt"]) == chat["rendered"]
    return {"tokenizer": json.loads(tokenizer.to_str()), "named": named, "template": template, "plain_template": plain,
            "strings": cases, "chats": chats}


def corpus(lines: list[str]) -> list[str]:
    """Sentences of the texts put together anew by arithmetic that any language repeats."""
    clauses = [clause for line in lines for clause in re.split("[，。]", line) if clause]
    made = []
    for n in range(600):
        parts = [clauses[(n * 7 + k * 13 + n * n * k) % len(clauses)] for k in range(3 + n % 5)]
        made.append("，".join(parts) + "。")
    return made


def merges(lines: list[str], sizes: list[int]) -> dict:
    found = {}
    for size in sizes:
        tokenizer = Tokenizer(models.BPE())
        tokenizer.normalizer = normalizers.NFC()
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(PATTERNS["qwen2"]), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
        tokenizer.train_from_iterator(lines, trainers.BpeTrainer(
            vocab_size=size, special_tokens=["<|pad|>", "<|end|>"], show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
        model = json.loads(tokenizer.to_str())["model"]
        found[size] = [" ".join(pair) for pair in model["merges"]]
        by_id = [token for token, _ in sorted(model["vocab"].items(), key=lambda item: item[1])]
        assert by_id[258:] == [m.replace(" ", "") for m in found[size]]  # the vocabulary is the merges in order
    largest = found[sizes[-1]]
    assert all(largest[: len(found[size])] == found[size] for size in sizes)
    return {"sizes": {str(size): len(found[size]) for size in sizes}, "merges": largest}


def main() -> None:
    args = arguments(__doc__.split("\n")[0])
    folder = args.out / "tokenizer-styles"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    generator = rng(args.seed, "tokenizer-styles")
    lines = read_lines(args.config["texts"])
    dialogues = make_dialogues(lines, generator)
    strings = STRINGS + [line[:24] for line in lines[:11]]
    chatml = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    llama3 = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    small = lines[:40]
    sp = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    styles = {
        "gpt2": (byte_level(small, 400, chatml, True), CHATML, {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}),
        "llama3": (byte_level(small, 400, llama3, False, PATTERNS["llama3"]), LLAMA3,
                   {"bos_token": "<|begin_of_text|>", "eos_token": "<|end_of_text|>"}),
        "llama2-legacy": (sentence_piece(small, 440, True), LLAMA2, sp),
        "llama2-metaspace": (sentence_piece(small, 440, False), LLAMA2, sp),
    }
    for name, (tokenizer, template, named) in styles.items():
        made = describe(name, tokenizer, template, named, strings, dialogues)
        write_json(folder / f"{name}.json", {"seed": args.seed, "made_with": made_with("tokenizers", "transformers", "jinja2"), **made})
    write_json(folder / "merges.json", {"made_with": made_with("tokenizers"), **merges(corpus(lines), [300, 700, 1100])})
    print(f"made tokenizer-styles: {', '.join(styles)}")


if __name__ == "__main__":
    main()
