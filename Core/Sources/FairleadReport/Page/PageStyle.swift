/// The one style of our pages: no font, picture or script from anywhere, readable on a phone, on paper and in the dark.
enum PageStyle {
    /// Nothing is loaded and nothing runs.
    static let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

    static let text = """
        :root{color-scheme:light dark;--ground:#fbfbf9;--card:#fff;--ink:#1a1d21;--soft:#5b636d;--faint:#8a929c;
        --rule:#e3e4e0;--buy:#1668b8;--sell:#c2560c;--gain:#1b7f4d;--loss:#b3261e;--price:#6b747e;--band:#d9dde1;
        --paper:#0b6b6b;--live:#b3261e}
        @media (prefers-color-scheme:dark){:root{--ground:#14171a;--card:#1b1f23;--ink:#e7e9ea;--soft:#a3abb4;
        --faint:#7a838d;--rule:#2d3338;--buy:#63aef0;--sell:#f29a52;--gain:#5cc58f;--loss:#f2837b;--price:#98a1ab;
        --band:#333a41;--paper:#4fb9b9;--live:#f2837b}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink);
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main,header,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}
        header{padding-top:1.75rem}
        h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0 .25rem;letter-spacing:-.015em}
        h2{font-size:1.1rem;margin:0 0 .25rem;letter-spacing:-.005em}
        h3{font-size:.95rem;margin:1.25rem 0 .25rem}
        p{margin:.25rem 0 .75rem;max-width:46rem}
        .note{color:var(--soft);font-size:.86rem}
        .word{display:inline-block;font-size:.75rem;font-weight:700;letter-spacing:.09em;padding:.12rem .55rem;
        border:1.5px solid;border-radius:.25rem}
        .word.paper{color:var(--paper)}.word.live{color:var(--live)}
        section{background:var(--card);border:1px solid var(--rule);border-radius:.5rem;padding:1.1rem 1.25rem;
        margin:1rem 0;break-inside:avoid-page}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.25rem,1fr));gap:1px;margin:1.25rem 0 0;
        background:var(--rule);border:1px solid var(--rule);border-radius:.5rem;overflow:hidden}
        .figures div{background:var(--card);padding:.75rem 1rem}
        .figures dt{color:var(--soft);font-size:.8rem}
        .figures dd{margin:.1rem 0 0;font-size:1.35rem;font-weight:600;letter-spacing:-.01em;
        font-variant-numeric:tabular-nums;white-space:nowrap}
        .figures dd small{display:block;font-size:.78rem;font-weight:400;color:var(--soft);letter-spacing:0;
        white-space:normal}
        .gain{color:var(--gain)}.loss{color:var(--loss)}
        .wide{overflow-x:auto;margin:.5rem 0 0}
        table{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
        th{font-weight:500;color:var(--soft);text-align:left;white-space:nowrap;vertical-align:bottom}
        th,td{padding:.35rem 1.05rem .35rem 0;border-bottom:1px solid var(--rule)}
        td{vertical-align:top}
        th:last-child,td:last-child{padding-right:0}
        tr:last-child td{border-bottom:0}
        .n{text-align:right;white-space:nowrap}
        .id{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.82em;
        overflow-wrap:anywhere}
        .sum td{font-weight:600}
        .keep{white-space:nowrap}
        .bar{min-width:5rem;width:32%}
        .bar i{display:block;height:.7rem;margin-top:.32rem;background:var(--price);border-radius:1px;min-width:1px}
        .bar i.cost{background:var(--sell)}.bar i.gain{background:var(--gain)}
        .plot{margin:.5rem 0 0}
        .canvas{position:relative;margin-right:5.2rem}
        .canvas svg{display:block;width:100%;height:100%;overflow:visible}
        .canvas .y{position:absolute;left:100%;margin-left:.5rem;transform:translateY(-50%);font-size:.74rem;
        color:var(--soft);font-variant-numeric:tabular-nums;white-space:nowrap}
        .times{display:flex;justify-content:space-between;margin-right:5.2rem;padding-top:.25rem;font-size:.74rem;
        color:var(--soft);font-variant-numeric:tabular-nums}
        path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round}
        .grid{stroke:var(--rule);stroke-width:1}
        .equity{stroke:var(--ink);stroke-width:1.6}
        .under{fill:var(--loss);fill-opacity:.16}.depth{stroke:var(--loss);stroke-width:1.3}
        .base{stroke:var(--faint);stroke-width:1;stroke-dasharray:3 3}
        .band{fill:var(--band)}.price{stroke:var(--price);stroke-width:1.1}
        .hold{fill:var(--band)}.held{stroke:var(--ink);stroke-width:1.2}
        .fill{stroke-width:8}.core{stroke-width:4;stroke:var(--card)}
        .buy{stroke:var(--buy);stroke-linecap:round}.sell{stroke:var(--sell);stroke-linecap:square}
        .core.b{stroke-linecap:round}.core.s{stroke-linecap:square}
        .legend{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin:.1rem 0 .2rem;color:var(--soft);font-size:.82rem}
        .legend svg{width:12px;height:12px;margin-right:.35rem;vertical-align:-1px;overflow:visible}
        .legend .fill{stroke-width:8}.legend .core{stroke-width:4}
        details summary{cursor:pointer;color:var(--soft);font-size:.9rem}
        details[open] summary{margin-bottom:.25rem}
        a{color:var(--buy)}
        footer{color:var(--soft);font-size:.84rem;padding-bottom:2rem}
        @media (max-width:40rem){body{font-size:14.5px}main,header,footer{padding-left:.75rem;padding-right:.75rem}
        section{padding:.9rem .85rem}.figures{grid-template-columns:1fr 1fr}.figures dd{font-size:1.15rem}
        .figures div{padding:.6rem .75rem}.canvas,.times{margin-right:4.4rem}.bar{min-width:3.5rem;width:auto}}
        @media print{:root{--ground:#fff;--card:#fff;--ink:#000;--soft:#444;--rule:#ccc}body{font-size:10pt}
        section{border:0;padding:.5rem 0;border-top:1px solid var(--rule);border-radius:0}
        main,header,footer{max-width:none;padding:0}.wide{overflow:visible}
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}

        """
}
