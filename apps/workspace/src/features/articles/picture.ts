import { Node } from '@tiptap/core'

export type PictureAttributes = { src: string; alt: string }

/** Pages show pictures of this house alone. */
const own = /^\/help\/pictures\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.webp$/

/** A picture within a text, `![what there is to see](/help/pictures/ID.webp)`; others are left to Markdown. */
export const Picture = Node.create({
  name: 'image',
  group: 'inline',
  inline: true,
  draggable: true,
  addAttributes: () => ({ src: { default: '' }, alt: { default: '' } }),
  parseHTML: () => [
    { tag: 'img', getAttrs: (element) => (own.test(element.getAttribute('src') ?? '') ? null : false) },
  ],
  renderHTML: ({ HTMLAttributes }) => ['img', HTMLAttributes],
  markdownTokenName: 'image',
  parseMarkdown: ({ href, text = '', title }, helpers) =>
    own.test(String(href)) && !title
      ? helpers.createNode('image', { src: href, alt: text.replaceAll(/\\([[\]\\])/g, '$1') })
      : [],
  renderMarkdown: ({ attrs }) => `![${written(String(attrs?.['alt'] ?? ''))}](${attrs?.['src']})`,
})

/** Words that stand between brackets on one line. */
function written(alt: string): string {
  return alt.replaceAll(/\s+/g, ' ').replaceAll(/[[\]\\]/g, '\\$&')
}

/** The pictures among what is pasted or dropped; none where there is text beside them, such as cells of a table. */
export function picturesIn(data: DataTransfer | null): File[] {
  const files = [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'))
  const html = data?.getData('text/html') ?? ''
  const said = html && new DOMParser().parseFromString(html, 'text/html').body.textContent.trim()
  return said ? [] : files
}
