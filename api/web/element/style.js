// What a page may change stands in custom properties; everything else is inside the shadow.

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { display: block; position: relative; font: inherit; color: inherit; }
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
input {
  width: 100%; font: inherit; color: inherit; padding: var(--intentrie-input-padding, .6em .9em);
  background: var(--intentrie-input-background, Field); border: var(--intentrie-input-border, 1px solid GrayText);
  border-radius: var(--intentrie-radius, .6em);
}
input::-webkit-search-cancel-button { cursor: pointer; }
input:focus-visible { outline: 3px solid var(--intentrie-focus, Highlight); outline-offset: 1px; }
.list {
  position: absolute; z-index: var(--intentrie-layer, 10); inset-inline: 0; top: calc(100% + .3em);
  max-height: var(--intentrie-list-height, 70vh); overflow: auto; overscroll-behavior: contain; padding: .3em; margin: 0;
  color: var(--intentrie-list-color, CanvasText); background: var(--intentrie-list-background, Canvas);
  border: var(--intentrie-list-border, 1px solid GrayText); border-radius: var(--intentrie-radius, .6em);
  box-shadow: var(--intentrie-list-shadow, 0 .6em 2em #0003); text-align: start;
}
.heading { padding: .6em .7em .2em; font-size: .8em; color: var(--intentrie-soft, color-mix(in srgb, CanvasText 72%, Canvas)); }
.option {
  display: flex; gap: .7em; align-items: center; min-height: var(--intentrie-option-height, 2.6em); padding: .3em .7em;
  border-radius: calc(var(--intentrie-radius, .6em) * .7); cursor: pointer;
}
.option[aria-selected="true"], .option:hover { background: var(--intentrie-active, #8883); }
.text { flex: 1; min-width: 0; overflow-wrap: anywhere; }
mark { background: none; color: var(--intentrie-typed, inherit); font-weight: var(--intentrie-typed-weight, 400); }
.rest { font-weight: var(--intentrie-rest-weight, 650); }
.note { font-size: .8em; color: var(--intentrie-soft, color-mix(in srgb, CanvasText 72%, Canvas)); }
[part=read] { color: var(--intentrie-read, var(--intentrie-soft, color-mix(in srgb, CanvasText 72%, Canvas))); }
.clear { font-family: inherit; padding: .6em .9em; border: 0; background: none; cursor: pointer; text-decoration: underline; }
.drop { padding: .4em .6em; margin: -.4em -.6em -.4em 0; }
img { width: 2em; height: 2em; object-fit: contain; border-radius: .3em; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (forced-colors: active) { .option[aria-selected="true"] { outline: 2px solid Highlight; } }
`);

export { sheet };
