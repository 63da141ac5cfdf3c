/// The style sheet of the HTML report. Outcomes are told by words; colour only repeats them.
enum HTMLStyle {
  static let sheet = """

    :root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6572; --paper: #ffffff; --panel: #f5f6f8; --line: #d5d9df;
      --good: #1a7f37; --bad: #c1262d; --warn: #8f5a00; --info: #0a66c2; --up: #0a66c2; --down: #6a3fb5; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e4e7eb; --soft: #9aa4b0; --paper: #14171b; --panel: #1d2126; --line: #373e47;
      --good: #57c274; --bad: #ff7b80; --warn: #e0ae4e; --info: #6cb6ff; --up: #6cb6ff; --down: #c2a0ff; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 1.5rem; max-width: 1240px; background: var(--paper); color: var(--ink);
      font: 15px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
    header { display: flex; align-items: center; gap: 1rem; }
    h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
    code { font: 13px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
    a { color: var(--info); }
    .badge, .outcome { display: inline-block; padding: .1rem .55rem; border-radius: 1rem; border: 1px solid currentColor;
      font-size: .85rem; font-weight: 600; white-space: nowrap; color: var(--soft); }
    .passed, .outcome.aligned { color: var(--good); } .failed, .outcome.misaligned { color: var(--bad); }
    .outcome.warning { color: var(--warn); } .outcome.observed { color: var(--info); }
    .failure { color: var(--bad); font-weight: 600; }
    .facts { display: flex; flex-wrap: wrap; gap: .4rem 2rem; margin: 1rem 0; }
    .facts div { min-width: 8rem; } dt { color: var(--soft); font-size: .8rem; } dd { margin: 0; overflow-wrap: anywhere; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; } th { text-align: left; color: var(--soft); font-size: .8rem; font-weight: 600; }
    th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; } td { font-size: .9rem; }
    tr.misaligned > td { background: color-mix(in srgb, var(--bad) 9%, transparent); }
    svg { display: block; background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
      font: 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
    svg text { fill: var(--ink); paint-order: stroke; stroke: var(--panel); stroke-width: 3px; } svg .time, svg .small { fill: var(--soft); } svg .small, svg .time { font-size: 11px; }
    svg .time { font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
    svg .life { stroke: var(--line); } svg .head { font-weight: 700; font-size: 13px; } svg .name { font-weight: 600; }
    svg .up { stroke: var(--up); } svg .down { stroke: var(--down); } svg .upfill { fill: var(--up); } svg .downfill { fill: var(--down); }
    svg .bad { stroke: var(--bad); } svg .badfill, svg text.badfill { fill: var(--bad); }
    svg .goodfill, svg text.goodfill { fill: var(--good); } svg .infofill, svg text.infofill { fill: var(--info); }
    svg .warnfill, svg text.warnfill { fill: var(--warn); }
    svg g:target .mark { fill: color-mix(in srgb, var(--warn) 25%, transparent); }
    svg .mark { fill: transparent; }
    svg g.misaligned .mark { fill: color-mix(in srgb, var(--bad) 12%, transparent); }
    svg text.verdict { font-weight: 600; } svg text.verdict.misaligned { fill: var(--bad); } svg text.verdict.warning { fill: var(--warn); }
    .chains { width: auto; margin-top: .3rem; } .chains td { font-size: .8rem; border-left: 1px solid var(--line); }
    .chains tr.parting > td { background: color-mix(in srgb, var(--bad) 16%, transparent); font-weight: 600; }
    details { margin: .5rem 0; } summary { cursor: pointer; font-weight: 600; padding: .2rem 0; }
    summary:focus-visible, a:focus-visible, input:focus-visible { outline: 2px solid var(--info); outline-offset: 2px; }
    .timeline td { font-size: .8rem; padding: .2rem .5rem; } .timeline .time, .timeline .count { font-family: ui-monospace, "DejaVu Sans Mono", monospace; white-space: nowrap; }
    td.context { border-left: 4px solid var(--context); background: color-mix(in srgb, var(--context) 10%, transparent); }
    .c0 { --context: #0a66c2; } .c1 { --context: #1a7f37; } .c2 { --context: #6a3fb5; } .c3 { --context: #b3541e; } .c4 { --context: #00808a; } .c5 { --context: #a3336f; }
    .filter { border: 1px solid var(--line); border-radius: 6px; display: flex; flex-wrap: wrap; gap: .3rem 1rem; margin: 1rem 0; }
    .filter legend { color: var(--soft); font-size: .8rem; }

    """
}
