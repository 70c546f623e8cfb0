"""How the page looks: light and dark, on a phone and on paper. Colours have a contrast of 4.5 to 1 and more."""

from __future__ import annotations

CSS = """
:root{color-scheme:light dark;--page:#fbfaf8;--card:#fff;--ink:#1d2126;--soft:#59616b;--line:#dcdad5;--mark:#0b5f8a;
--rail:#e9e6e0;--gone:#8c1d18;--gone-bg:#fdecea;--warn:#8a4b00}
@media(prefers-color-scheme:dark){:root{--page:#14171a;--card:#1c2024;--ink:#e6e8ea;--soft:#a3abb4;--line:#363c43;
--mark:#6cb8e6;--rail:#2b3036;--gone:#ffb4ab;--gone-bg:#43211e;--warn:#f2b866}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:72rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.25rem;margin:0 0 .5rem}
h3{font-size:1rem;margin:1.25rem 0 .5rem}
h4{font-size:.9rem;margin:.5rem 0;color:var(--soft)}
p{margin:.5rem 0;max-width:46rem}
a{color:var(--mark)}
:focus-visible{outline:3px solid var(--mark);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:1}
.soft,figcaption,.meta{color:var(--soft)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:1rem 0;padding:0}
nav a{display:inline-block;padding:.35rem 0}
section{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin:0 0 1rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:0}
.facts div{border-left:3px solid var(--mark);padding-left:.6rem}
.facts dt{color:var(--soft);font-size:.875rem}
.facts dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums;line-height:1.3}
.facts dd small{display:block;font-size:.8rem;color:var(--soft)}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:1rem}
figure{margin:1rem 0 0}
figcaption{font-size:.875rem}
.plot{width:100%;height:auto;display:block}
.plot text{font-size:15px;fill:var(--soft)}
.plot line{stroke:var(--soft)}
.bars rect,.bar rect{fill:var(--mark)}
.bar rect.rail{fill:var(--rail)}
.bar{display:inline-block;width:5rem;height:.5rem;margin:0 0 0 .5rem;border-radius:2px}
.scroll{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--soft);padding:.25rem 0;font-size:.875rem}
th,td{padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{color:var(--soft);font-weight:600;vertical-align:bottom}
tbody th{font-weight:400;min-width:9rem}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
details{border-top:1px solid var(--line)}
summary{cursor:pointer;padding:.5rem 0}
summary b{font-weight:600}
.sample{margin:0 0 .75rem;padding:.6rem .75rem;border:1px solid var(--line);border-radius:.35rem;background:var(--page)}
.sample p{max-width:none;margin:0}
.sample .text{white-space:pre-wrap;unicode-bidi:plaintext}
.sample .meta{font-size:.8rem;margin-top:.35rem}
del{color:var(--gone);background:var(--gone-bg);text-decoration-thickness:1px}
.warn{color:var(--warn);font-weight:600}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
footer{padding-bottom:2rem;font-size:.875rem;color:var(--soft)}
@media(max-width:40rem){.bar{display:block;width:3rem;margin:.25rem 0 0 auto}
body{font-size:15px}header,main,footer{padding:.6rem .6rem 0}section{padding:.75rem}
.plot text{font-size:24px}tbody th{min-width:7.5rem}}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--mark:#0b5f8a;
--rail:#e9e6e0;--gone:#8c1d18;--gone-bg:#fff}
nav,.skip{display:none}body{font-size:10pt}section{border:0;padding:0;margin:0 0 1.5rem}
details>summary{list-style:none}.sample,tr,figure{break-inside:avoid}h2,h3,caption{break-after:avoid}
.scroll{overflow:visible}.bars rect,.bar rect{print-color-adjust:exact;-webkit-print-color-adjust:exact}
header,main,footer{max-width:none;padding:0}}
""".strip().replace("\n", "")
