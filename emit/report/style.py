"""How the page looks, and what its script adds: tables that are sorted by a click. Without script all can be read."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #24292f; --soft: #57606a; --line: #d8dee4; --card: #f6f8fa;
  --bar: #b6d4fe; --c0: #4c8ee8; --c1: #e0823d; --c2: #4ba46a; --c3: #a371d6; --c4: #8b949e; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --ink: #e6edf3; --soft: #9198a1; --line: #30363d;
  --card: #161b22; --bar: #1f3d66; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1240px; padding: 1.2rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; } h3 { margin: 1.4rem 0 .4rem; }
p { margin: .3rem 0; } .soft { color: var(--soft); }
.name { font-family: ui-monospace, monospace; font-size: .92em; } td.name { white-space: nowrap; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .7rem; margin: 1.2rem 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .6rem .8rem; }
.card b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
.wide svg { display: block; min-width: 760px; width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .3rem .6rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
th { position: sticky; top: 0; background: var(--card); white-space: nowrap; font-weight: 600; }
.sortable th { cursor: pointer; } .operations th:first-child { width: 1px; }
th[aria-sort=ascending]::after { content: " \\25B4"; } th[aria-sort=descending]::after { content: " \\25BE"; }
tbody tr:hover { background: var(--card); } tbody tr:last-child td { border-bottom: 0; }
tfoot td { border-top: 2px solid var(--line); border-bottom: 0; font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { background: linear-gradient(to left, var(--bar) var(--share), transparent var(--share)); }
.shares { display: flex; height: 1.5rem; border-radius: 6px; overflow: hidden; background: var(--card); }
.shares span { min-width: 2px; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .4rem 0 .8rem; padding: 0; list-style: none;
  font-size: .9rem; }
.legend i { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .4em; }
.columns { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 0 1rem; }
.columns > * { flex: 1 1 320px; min-width: 0; } .columns > :nth-child(2) { flex: 2 1 640px; }
.wide .histogram { min-width: 0; width: auto; fill: var(--c0); } .histogram .clip { fill: var(--c1); }
.verdict { border-left: 4px solid var(--c1); padding: .2rem .8rem; }
summary { cursor: pointer; margin: .6rem 0; }
@media print { .wide { overflow: visible; } }
"""

SCRIPT = """
for (const table of document.querySelectorAll("table.sortable"))
  table.tHead.addEventListener("click", event => {
    const head = event.target.closest("th"), column = head.cellIndex, body = table.tBodies[0];
    const down = head.getAttribute("aria-sort") !== "descending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = row => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const compare = (a, b) => { const x = key(a), y = key(b), n = x - y; return isNaN(n) ? y.localeCompare(x) : -n; };
    body.append(...[...body.rows].sort((a, b) => down ? compare(a, b) : compare(b, a)));
  });
"""
