/// The stylesheet of all pages: light and dark, narrow and wide, screen and paper.
package enum Style {
  /// Number of colours for values; more frequent values get earlier colours.
  static let hues = 8

  package static let css = """
    :root { color-scheme: light dark; --ink: #1b2733; --soft: #566472; --paper: #fff; --card: #f5f7f9; --line: #d5dce3;
      --link: #14568c; --warn: #b42318;
      --h0: #2f6f9f; --h1: #d08a1d; --h2: #3f8f5c; --h3: #b5485d; --h4: #7a5ea8; --h5: #4aa3a2; --h6: #8c6d46; --h7: #6f7d8a; --h8: #a9b3bd; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e4e9ee; --soft: #a3b0bc; --paper: #14191f; --card: #1c232b; --line: #35404b;
      --link: #7db8e8; --warn: #ff8a7a;
      --h0: #5fa4d6; --h1: #e0a94a; --h2: #6cbf8b; --h3: #de7f91; --h4: #a78fd4; --h5: #74c7c6; --h6: #bd9b70; --h7: #9aa7b4; --h8: #5b6670; } }
    * { box-sizing: border-box; }
    body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0 auto; max-width: 80rem; padding: 0 1rem 3rem; }
    a { color: var(--link); } a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--h1); outline-offset: 2px; }
    .skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; background: var(--paper); padding: .5rem; }
    nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: .8rem 0; border-bottom: 1px solid var(--line); }
    nav a { text-decoration: none; padding: .2rem 0; } nav a[aria-current] { color: var(--ink); font-weight: 600; border-bottom: 2px solid var(--h0); }
    h1 { line-height: 1.2; margin: 1.2rem 0 .6rem; } h2 { line-height: 1.2; margin: 2rem 0 .5rem; font-size: 1.25rem; }
    .soft { color: var(--soft); } .warn { color: var(--warn); font-weight: 600; }
    .facts { display: flex; flex-wrap: wrap; gap: .6rem; padding: 0; margin: 1rem 0; list-style: none; }
    .facts li { background: var(--card); border-radius: .5rem; padding: .5rem .9rem; } .facts b { display: block; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
    footer { color: var(--soft); font-size: 14px; margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .6rem; }
    [hidden] { display: none !important; }
    table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
    th { font-weight: 600; } td.number, th.number { text-align: right; }
    .bar { display: flex; height: .55rem; min-width: 6rem; border-radius: .2rem; overflow: hidden; background: var(--line); margin: .3rem 0 .15rem; }
    .bar i { display: block; }
    .b0 { background: var(--h0); } .b1 { background: var(--h1); } .b2 { background: var(--h2); } .b3 { background: var(--h3); } .b4 { background: var(--h4); }
    .b5 { background: var(--h5); } .b6 { background: var(--h6); } .b7 { background: var(--h7); } .b8 { background: var(--h8); }
    .f0 { fill: var(--h0); } .f1 { fill: var(--h1); } .f2 { fill: var(--h2); } .f3 { fill: var(--h3); } .f4 { fill: var(--h4); }
    .f5 { fill: var(--h5); } .f6 { fill: var(--h6); } .f7 { fill: var(--h7); } .f8 { fill: var(--h8); }
    .s0 { stroke: var(--h0); } .s1 { stroke: var(--h1); } .s2 { stroke: var(--h2); } .s3 { stroke: var(--h3); } .s4 { stroke: var(--h4); } .s5 { stroke: var(--h5); }
    .legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding: 0; list-style: none; font-size: 14px; }
    .legend i, .key i { display: inline-block; width: .8rem; height: .8rem; border-radius: .2rem; margin-right: .35rem; vertical-align: -1px; }
    .thumb { display: block; width: 64px; height: 64px; object-fit: contain; background: #000; border-radius: .25rem; }
    .sheet { width: 100%; max-width: 720px; height: auto; background: #000; border-radius: .25rem; image-rendering: auto; }
    .trust { border-radius: 1rem; padding: .1rem .6rem; border: 1px solid var(--line); white-space: nowrap; font-size: 13px; }
    .trust.accepted { border-color: var(--h2); } .trust.rejected { border-color: var(--warn); }
    .words { display: flex; flex-wrap: wrap; gap: .3rem; padding: 0; margin: .2rem 0; list-style: none; } .words li { background: var(--card); border-radius: .3rem; padding: 0 .4rem; overflow-wrap: anywhere; }
    figure { margin: 1rem 0; } figcaption { color: var(--soft); font-size: 14px; }
    svg { width: 100%; height: auto; font-size: 12px; fill: var(--ink); } svg.natural { width: auto; max-width: 100%; }
    .figures { display: flex; flex-wrap: wrap; gap: 0 2rem; } .figures > * { flex: 0 1 auto; min-width: 0; max-width: 100%; }
    svg .grid { stroke: var(--line); } svg .limit { stroke: var(--warn); stroke-dasharray: 5 4; } svg .line { fill: none; stroke-width: 2; }
    svg .flow { fill: var(--h0); opacity: .3; } svg .flow.moved { fill: var(--h1); opacity: .55; } svg .alarm { fill: var(--warn); opacity: .14; } svg text.soft { fill: var(--soft); }
    .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 0 2rem; }
    .review { display: flex; flex-wrap: wrap; gap: .5rem .8rem; align-items: end; background: var(--card); padding: .8rem; border-radius: .5rem; margin: .8rem 0; }
    .review p { margin: 0; flex-basis: 100%; } .review .wide { flex: 1 1 20rem; } .review .wide input, .review .wide select { width: 100%; }
    label { display: block; font-size: 14px; max-width: 100%; } .buttons { display: flex; flex-wrap: wrap; gap: .5rem; }
    input, button, select { font: inherit; padding: .3rem .6rem; max-width: 100%; } input[type=checkbox] { width: 1.3rem; height: 1.3rem; }
    kbd { font: 12px/1.2 ui-monospace, monospace; border: 1px solid var(--soft); border-radius: .25rem; padding: 0 .3rem; }
    .pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); gap: .2rem 1.5rem; } .pairs div { min-width: 0; }
    dt { font-weight: 600; font-size: 14px; color: var(--soft); } dd { margin: 0 0 .5rem; overflow-wrap: anywhere; } .key { overflow-wrap: anywhere; }
    .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(192px, 45%), 1fr)); gap: 1rem .7rem; padding: 0; list-style: none; font-size: 13px; }
    .gallery li { min-width: 0; } .gallery a { display: inline-block; max-width: 100%; } .gallery span { display: block; overflow-wrap: anywhere; }
    .gallery img, img.study { display: block; width: 192px; max-width: 100%; height: auto; aspect-ratio: 1; object-fit: contain; background: #000; border-radius: .25rem; }
    .gallery .blank { display: grid; place-items: center; width: 192px; max-width: 100%; aspect-ratio: 1; background: var(--card); color: var(--soft); border-radius: .25rem; padding: 1rem; text-align: center; }
    nav.pager { border: 0; padding: .2rem 0; } .was { padding-left: 1.2rem; } .was :target { font-weight: 600; }
    tr[aria-current] { background: var(--card); } .name { font-weight: 600; }
    #map { position: relative; } #canvas { display: block; width: 100%; border: 1px solid var(--line); border-radius: .25rem; touch-action: pan-y; }
    #tip { position: absolute; width: 210px; z-index: 1; background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; padding: .5rem; font-size: 13px; pointer-events: none; }
    #tip p { margin: .3rem 0 0; overflow-wrap: anywhere; } #tip img { display: block; width: 192px; height: 192px; object-fit: contain; background: #000; }
    @media (hover: none) { #tip { pointer-events: auto; } }
    @media (max-width: 700px) {
      table.cards thead { position: absolute; left: -99rem; } table.cards tr { display: grid; grid-template-columns: 76px 1fr; gap: 0 .6rem; padding: .7rem 0; border-bottom: 1px solid var(--line); }
      table.cards td { border: 0; padding: .1rem 0; grid-column: 2; text-align: left; } table.cards td.picture { grid-column: 1; grid-row: 1 / span 8; }
      table.cards td.tick { grid-column: 1; } table.cards.plain tr, table.cards.plain td { display: block; } table.cards td:empty { display: none; } table.cards .bar { max-width: 14rem; }
      svg.map { font-size: 28px; } svg.map .minor { display: none; }
      table.cards td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); }
    }
    @media print { nav, .skip, form { display: none; } body { max-width: none; } tr, figure { break-inside: avoid; } }
    """
}
