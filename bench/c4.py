"""datatrove's C4QualityFilter on the same articles: run by the Python that has datatrove.

    PYTHON bench/c4.py FILE.jsonl

Prints a JSON object: seconds of the processor, best of three, with its defaults (which count the sentences of every
line with NLTK's Punkt) and without that count (`min_num_sentences=-1`): the rest of the filter alone.
"""

from __future__ import annotations

import json
import sys
import time

from datatrove.data import Document
from datatrove.pipeline.filters import C4QualityFilter

PASSES = 3


def seconds(texts: list[str], **options: int) -> float:
    """The best of a few passes of the filter. Each has its own documents, because the filter changes them."""
    step = C4QualityFilter(**options)
    best = float("inf")
    for _ in range(PASSES):
        documents = [Document(text=text, id=str(number)) for number, text in enumerate(texts)]
        start = time.process_time()
        for document in documents:
            step.filter(document)
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    print(json.dumps({"C4": seconds(texts), "C4 without sentences": seconds(texts, min_num_sentences=-1)}))


if __name__ == "__main__":
    main()
