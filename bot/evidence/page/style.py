"""How the page looks, on a screen and on paper. It loads nothing."""

from typing import Final

STYLE: Final = """
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, sans-serif; color: #1d1c1d; margin: 0 auto; max-width: 72rem; padding: 2rem; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; border-bottom: 1px solid #ccc; margin: 2rem 0 .7rem; padding-bottom: .2rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 0; }
dt { color: #555; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .9em; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #ddd; }
td { overflow-wrap: anywhere; }
th { background: #f4f4f4; }
code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }
.word { font-weight: 700; }
.alarm { color: #b3261e; font-weight: 700; }
.shown { white-space: pre-wrap; }
@media print {
  body { padding: 0; font-size: 11px; max-width: none; }
  tr, h2, h3 { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  thead { display: table-header-group; }
}
"""
