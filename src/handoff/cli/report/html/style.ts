/** The style of the page; it follows the reader's system, and paper is always light. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--card:#f6f8fa;--fg:#1b1f24;--muted:#57606a;--grid:#d0d7de;--warn:#7d4e00;--warnbg:#fff4d6;
--c0:#0969da;--c1:#bc4c00;--c2:#1a7f37;--c3:#8250df;--c4:#0a7f8c;--c5:#a40e4c}
@media (prefers-color-scheme:dark){:root{--bg:#0f1419;--card:#181f27;--fg:#e6edf3;--muted:#a3b0bd;--grid:#333d48;--warn:#f2cc60;--warnbg:#2b2411;
--c0:#6cb6ff;--c1:#f69d50;--c2:#6bc46d;--c3:#dcbdfb;--c4:#56d4dd;--c5:#ff80ab}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
main,header,footer{max-width:80rem;margin:0 auto;padding:0 1rem}
h1{margin:1.5rem 0 0;font-size:1.75rem;line-height:1.2}
h2{margin:2.5rem 0 0;font-size:1.35rem}
p{margin:.25rem 0}
.muted,footer,.none{color:var(--muted)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:1rem 0 0;padding:0}
a{color:var(--c0)}
.warn{margin:.75rem 0;padding:.5rem .75rem;border-left:4px solid var(--warn);background:var(--warnbg);color:var(--warn)}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,9.5rem),1fr));gap:.5rem;margin:1rem 0}
.figures div{padding:.6rem .8rem;border-radius:6px;background:var(--card);overflow-wrap:anywhere}
dt{color:var(--muted);font-size:.875rem}
dd{margin:0}
dd.value{font-size:1.5rem;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums}
dd.note{color:var(--muted);font-size:.875rem}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:1rem}
.charts>*,.tables>*{min-width:0}
.chart{margin:0;padding:.8rem;border-radius:6px;background:var(--card)}
figcaption,caption{font-weight:600;text-align:left}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;list-style:none;margin:.25rem 0 .5rem;padding:0;font-size:.875rem;color:var(--muted)}
.legend li{overflow-wrap:anywhere}
.mark{margin-right:.4rem}
.plot{display:grid;grid-template-columns:auto 1fr;gap:0 .5rem;padding-top:.5rem}
.plot svg{display:block;width:100%;height:13rem;overflow:visible}
.y,.x{display:flex;justify-content:space-between;color:var(--muted);font-size:.8125rem;font-variant-numeric:tabular-nums}
.y{flex-direction:column;text-align:right}
.y span{height:0;line-height:0;white-space:nowrap}
.x{grid-column:2;padding-top:.35rem;gap:.5rem}
.x span{white-space:nowrap}
.grid{stroke:var(--grid);stroke-width:1;vector-effect:non-scaling-stroke}
.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.s0{stroke:var(--c0)}.s1{stroke:var(--c1);stroke-dasharray:7 4}.s2{stroke:var(--c2);stroke-dasharray:2 4}
.s3{stroke:var(--c3);stroke-dasharray:10 3 2 3}.s4{stroke:var(--c4);stroke-dasharray:12 4}.s5{stroke:var(--c5);stroke-dasharray:4 2}
.f0{fill:var(--c0)}.f1{fill:var(--c1)}.f2{fill:var(--c2)}.f3{fill:var(--c3)}.f4{fill:var(--c4)}.f5{fill:var(--c5)}
/* After the colours, whose dashes it takes away. */
.dot{fill:none;stroke-width:5;stroke-linecap:round;stroke-dasharray:none;vector-effect:non-scaling-stroke}
details{margin-top:.5rem;font-size:.875rem}
summary{cursor:pointer;color:var(--muted)}
details .scroll{max-height:18rem}
.tables{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:1rem;margin-top:1rem}
.scroll{overflow:auto;padding:.8rem;border-radius:6px;background:var(--card)}
.scroll:focus-visible,a:focus-visible,summary:focus-visible{outline:2px solid var(--c0);outline-offset:2px}
table{width:100%;border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--grid);text-align:left;vertical-align:top}
th[scope=col]{color:var(--muted);font-weight:600;white-space:nowrap}
th[scope=row]{font-weight:400;overflow-wrap:anywhere;min-width:7rem}
th:last-child,td:last-child{padding-right:0}
.n{text-align:right;white-space:nowrap}
footer{margin-top:2.5rem;padding-bottom:2rem;font-size:.875rem}
@media (max-width:30rem){.x span:nth-child(2n){display:none}.plot svg{height:10rem}h1{font-size:1.5rem}}
@media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--fg:#000;--muted:#444;--grid:#bbb;--warn:#7d4e00;--warnbg:#fff;
--c0:#0969da;--c1:#bc4c00;--c2:#1a7f37;--c3:#8250df;--c4:#0a7f8c;--c5:#a40e4c}
body{font-size:11pt;print-color-adjust:exact}nav,details{display:none}.chart,.scroll,.figures div{border:1px solid #bbb;break-inside:avoid}h2{break-after:avoid}}
`;
