"""Rich text: its four kinds of paragraph and what stands in them ("Block Kit reference", rich text block)."""

from collections.abc import Mapping

from sandbox.slack.lint.objects import FLAG
from sandbox.slack.lint.spec import Many, Shape, Spec, Whole, Words, choice, one_of, shape

_INLINE = ("broadcast", "channel", "color", "date", "emoji", "link", "text", "user", "usergroup")
_STYLE = shape(
    "style",
    {},
    dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), FLAG),
)
_STYLED: Mapping[str, Spec] = {"style": _STYLE}
_INLINES = Many(one_of("rich", *_INLINE), 1000)

PARAGRAPHS = ("rich_text_list", "rich_text_preformatted", "rich_text_quote", "rich_text_section")

RICH: Mapping[str, Shape] = {
    "rich_text_section": shape("rich_text_section", {"elements": _INLINES}, {}),
    "rich_text_quote": shape("rich_text_quote", {"elements": _INLINES}, {"border": Whole(0, 1)}),
    "rich_text_preformatted": shape(
        "rich_text_preformatted",
        {"elements": Many(one_of("rich", "link", "text"), 1000)},
        {"border": Whole(0, 1), "language": Words(100)},
    ),
    "rich_text_list": shape(
        "rich_text_list",
        {"style": choice("bullet", "ordered"), "elements": Many(one_of("rich", "rich_text_section"), 1000)},
        {"indent": Whole(0, 8), "offset": Whole(0, 100_000), "border": Whole(0, 1)},
    ),
    "text": shape("text", {"text": Words(12_000)}, _STYLED),
    "link": shape("link", {"url": Words(3000)}, {**_STYLED, "text": Words(3000), "unsafe": FLAG}),
    "user": shape("user", {"user_id": Words(255, pattern=r"[UW][A-Z0-9]+")}, _STYLED),
    "usergroup": shape("usergroup", {"usergroup_id": Words(255, pattern=r"S[A-Z0-9]+")}, _STYLED),
    "channel": shape("channel", {"channel_id": Words(255, pattern=r"[CGD][A-Z0-9]+")}, _STYLED),
    "emoji": shape("emoji", {"name": Words(255)}, {**_STYLED, "unicode": Words(255), "skin_tone": Whole(1, 6)}),
    "date": shape(
        "date",
        {"timestamp": Whole(0, 9_999_999_999), "format": Words(255)},
        {**_STYLED, "url": Words(3000), "fallback": Words(3000)},
    ),
    "broadcast": shape("broadcast", {"range": choice("here", "channel", "everyone")}, _STYLED),
    "color": shape("color", {"value": Words(7, pattern=r"#[0-9A-Fa-f]{6}")}, _STYLED),
}
