"""The compiled module, from native/*.c; its functions take and give the memory of numpy's arrays."""

from typing_extensions import Buffer

VERSION: int

def sense_sums(codes: Buffer, letters: Buffer, weights: Buffer, labels: int) -> tuple[bytes, bytes]: ...
def sense_said(codes: Buffer, letters: Buffer, weights: Buffer, labels: int, wanted: Buffer) -> bytes: ...
def trees_outputs(
    features: Buffer,
    rows: Buffer,
    edges: Buffer,
    masks: Buffer,
    homes: Buffer,
    paragraphs: int,
    leaves: Buffer,
    outputs: int,
) -> bytes: ...
def trees_moves(
    features: Buffer,
    rows: Buffer,
    edges: Buffer,
    masks: Buffer,
    homes: Buffer,
    paragraphs: int,
    moves: Buffer,
    groups: int,
) -> bytes: ...
def forest_outputs(
    features: Buffer, rows: Buffer, edges: Buffer, depth: int, blocks: int, leaves: Buffer, outputs: int
) -> bytes: ...
def forest_moves(
    features: Buffer, rows: Buffer, edges: Buffer, depth: int, blocks: int, steps: Buffer, homes: Buffer, groups: int
) -> bytes: ...
def stems(codes: Buffer, letters: Buffer) -> tuple[bytes, int, int]: ...
def characters(codes: Buffer, kinds: Buffer, words: Buffer) -> bytes: ...
def shared(numbers: Buffer, kinds: int, lengths: Buffer, claimed: Buffer, logs: Buffer) -> bytes: ...
def context(
    features: Buffer,
    paragraphs: int,
    rows: Buffer,
    means: Buffer,
    scales: Buffer,
    dilations: Buffer,
    weights: Buffer,
    width: int,
    outputs: int,
) -> bytes: ...
def features(
    rows: Buffer,
    sizes: Buffer,
    markup: Buffer,
    sense: Buffer,
    keys: Buffer,
    places: Buffer,
    beside: int,
    log_size: float,
    sense_mean: float,
    unspaced: float,
    titled: bool,
) -> bytes: ...
def second_stage(first: Buffer, odds: Buffer, mean: float) -> bytes: ...
def word_tokens(codes: Buffer, kinds: Buffer) -> tuple[bytes, bytes]: ...
