/** The page's one sheet of style: light and dark, from a phone's width up; no script, no font, no image. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#f6f7f5;--card:#fff;--ink:#1b2420;--soft:#5c6a63;--line:#dfe4e0;--accent:#0c6b58;--good:#12703f;--bad:#b3261e;--warn:#8a5a00;--warn-bg:#fff4dc}
@media(prefers-color-scheme:dark){:root{--paper:#111614;--card:#1a211e;--ink:#e6ece8;--soft:#9aa8a1;--line:#2c3632;--accent:#5fc9ae;--good:#6fce97;--bad:#ff9b92;--warn:#f0c265;--warn-bg:#2d2613}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
main{max-width:72rem;margin:0 auto;padding:clamp(1rem,4vw,2.5rem)}
header{display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem 1rem;border-bottom:2px solid var(--accent);padding-bottom:.75rem}
h1{font-size:1.5rem;line-height:1.25;margin:0}h1 small{color:var(--accent);font-weight:600}
h2{font-size:1.15rem;line-height:1.3;margin:2.5rem 0 .75rem}h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.4rem 0}[lang=en]{color:var(--soft);font-size:.86em}h2 [lang=en],h3 [lang=en]{font-weight:400}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.6rem;margin:0}
dl div{display:flex;flex-direction:column;justify-content:space-between;background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.6rem .8rem}
dt{font-size:.88rem;line-height:1.35}dt [lang=en]{display:block}
dd{margin:.25rem 0 0;font-size:1.5rem;line-height:1.2;font-weight:600;font-variant-numeric:tabular-nums}
.alert dd{color:var(--bad)}
.note{background:var(--warn-bg);border-left:4px solid var(--warn);border-radius:0 .4rem .4rem 0;padding:.5rem .8rem;margin:1rem 0}
.seal{font-weight:600}.ok{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}.quiet{color:var(--soft)}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
.scroll:focus-visible,a:focus-visible,button:focus-visible,input:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.45rem .8rem;border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:top}
th{font-weight:600;line-height:1.3}th [lang=en]{display:block;font-weight:400}
tbody tr:last-child td{border-bottom:0}td.number,th.number{text-align:right}
code{font-family:ui-monospace,"SF Mono",Consolas,monospace;font-size:.86em}
.empty{color:var(--soft);padding:.8rem}
form{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1.25rem;max-width:28rem;margin:1.5rem 0}
label{display:block}input{display:block;width:100%;margin:.4rem 0 1rem;background:var(--paper);color:inherit;border:1px solid var(--line)}
input,button{font:inherit;border-radius:.4rem;padding:.55rem .8rem}
button{background:var(--accent);color:var(--card);border:0;font-weight:600;cursor:pointer}
@media(max-width:30rem){dl{grid-template-columns:repeat(2,minmax(0,1fr))}th,td{padding:.4rem .6rem}dd{font-size:1.25rem}}
@media print{body{background:#fff}.scroll{overflow:visible}th,td{white-space:normal}}
`;
