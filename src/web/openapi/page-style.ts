/** What the description's page adds to the overview page's style. */
export const PAGE_STYLE = `
nav ul{list-style:none;margin:0;padding:0}nav li{margin:.15rem 0;display:flex;flex-wrap:wrap;gap:0 .6rem}
nav h2{margin:.75rem 0 .5rem}nav section{break-inside:avoid;margin-bottom:1rem}nav h3{margin:.5rem 0 .25rem}
nav{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.5rem 1.25rem;margin:1rem 0}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
article{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.25rem 1.25rem 1rem;margin:1rem 0;scroll-margin-top:1rem}
article:target{border-color:var(--accent)}
article h3{font-size:1.02rem;display:flex;flex-wrap:wrap;gap:.1rem .6rem;align-items:baseline}article h3 code{font-size:1rem}
article h4{font-size:.92rem;margin:1.1rem 0 .35rem}article h4 [lang=en]{font-weight:400}
.method{font-weight:700;color:var(--accent);min-width:2.8rem}.post,.put{color:var(--warn)}
article .scroll{background:var(--paper)}td.about{white-space:normal;min-width:14rem}td.kind{white-space:normal;min-width:9rem}td.name{white-space:normal;min-width:9rem}
.must{color:var(--bad);font-weight:700}
pre{margin:.4rem 0;padding:.7rem .9rem;background:var(--paper);border:1px solid var(--line);border-radius:.5rem;white-space:pre-wrap;overflow-wrap:anywhere;font:.84rem/1.5 ui-monospace,"SF Mono",Consolas,monospace}
details{margin:.4rem 0}summary{cursor:pointer;color:var(--accent)}
td ul{margin:0;padding-left:1.1rem}.status{font-weight:700;font-variant-numeric:tabular-nums}
@media(min-width:60rem){nav>div{columns:2;column-gap:2rem}}
@media(max-width:40rem){article,nav{padding-left:.8rem;padding-right:.8rem}td.about{min-width:11rem}}
@media print{article,nav{border:0;padding:0}pre{border:0}}
`;
