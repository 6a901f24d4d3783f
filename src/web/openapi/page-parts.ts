/** Small parts of the description's page: two languages side by side, prose with code in it, tables. */
import { html } from 'hono/html';
import type { Words } from './tags.ts';

export type Markup = ReturnType<typeof html>;

/** Where there is one language only, the other is empty. */
export function wordsIn(text: string): Words {
  const [first = '', ...rest] = text.split(' · ');
  return [first, rest.join(' · ')];
}

export function both([zh, en]: Words): Markup {
  return en === '' ? html`${zh}` : html`${zh} <span lang="en">${en}</span>`;
}

/** Paragraphs, lists of one level, and code between backticks: what descriptions are written in. */
export function prose(text: string): Markup {
  const lines = text.split('\n');
  const items = lines.filter((line) => line.startsWith('- '));
  const others = lines.filter((line) => !line.startsWith('- ') && line !== '');
  return html`${others.map((line) => html`<p>${inline(line)}</p>`)}${items.length === 0 ? '' : html`<ul>${items.map((line) => html`<li>${inline(line.slice(2))}</li>`)}</ul>`}`;
}

export function inline(text: string): Markup {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** It scrolls in its own box, which the keyboard can reach; the page itself never scrolls sideways. */
export function table(label: string, head: readonly string[], rows: readonly Markup[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${head.map((title) => html`<th scope="col">${both(wordsIn(title))}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}
