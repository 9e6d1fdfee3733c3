"""A list of blocks on one surface: which may stand there, how many, and what must be unique among them."""

from collections import Counter
from collections.abc import Iterator

from sandbox.slack.lint.blocks import BLOCK_COUNTS, BLOCKS, SURFACES
from sandbox.slack.lint.spec import Finding, Many, one_of
from sandbox.slack.lint.walk import check
from sandbox.slack.records import Json

MARKDOWN_TOTAL = 12_000
"""Characters in all markdown blocks of one message together."""


def check_blocks(blocks: object, surface: str, at: str = "/blocks") -> Iterator[Finding]:
    """Yield everything wrong with these blocks on a "message", "modal" or "home"."""
    listed = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    spec = Many(one_of("block", *SURFACES[surface]), BLOCK_COUNTS[surface])
    for finding in check(spec, blocks, at):
        yield _explained(finding, listed, surface, at)
    yield from _distinct_ids(listed, at)
    yield from _limited(listed, at)
    yield from _one_focus(listed, at)


def _explained(finding: Finding, blocks: list[Json], surface: str, at: str) -> Finding:
    """Say of a block that exists but not here that it is the surface that is wrong."""
    for index, block in enumerate(blocks):
        if finding.pointer == f"{at}/{index}" and str(block.get("type")) in BLOCKS.keys() - SURFACES[surface]:
            return Finding(finding.pointer, f"a {block['type']} block may not stand in a {surface}")
    return finding


def _distinct_ids(blocks: list[Json], at: str) -> Iterator[Finding]:
    counts = Counter(str(block["block_id"]) for block in blocks if "block_id" in block)
    for block_id, count in counts.items():
        if count > 1:
            yield Finding(at, f"block_id {block_id!r} stands {count} times")


def _limited(blocks: list[Json], at: str) -> Iterator[Finding]:
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield Finding(at, "only one table a message")
    if sum(len(str(b.get("text", ""))) for b in blocks if b.get("type") == "markdown") > MARKDOWN_TOTAL:
        yield Finding(at, f"the markdown blocks together hold more than {MARKDOWN_TOTAL} characters")


def _one_focus(blocks: list[Json], at: str) -> Iterator[Finding]:
    inputs = (block.get("element") for block in blocks)
    if sum(isinstance(element, dict) and element.get("focus_on_load") is True for element in inputs) > 1:
        yield Finding(at, "only one element can have focus_on_load")
