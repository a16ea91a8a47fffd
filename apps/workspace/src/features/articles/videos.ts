import { Extension } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { Plugin } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import { videoAt, type Video } from '@lahko/contract/videos'

/** Shows a link to a video that stands by itself as the video that it will be on the page. */
export const Videos = Extension.create({
  name: 'videos',
  addProseMirrorPlugins: () => [new Plugin({ props: { decorations: ({ doc }) => decorate(doc) } })],
})

function decorate(doc: Node): DecorationSet {
  const found: Decoration[] = []
  doc.descendants((node, position) => {
    const video = node.type.name === 'paragraph' ? videoIn(node) : undefined
    if (video) found.push(Decoration.node(position, position + node.nodeSize, { 'data-video': video.host }))
  })
  return DecorationSet.create(doc, found)
}

/** As the page: the paragraph is one link, and nothing else. */
function videoIn({ firstChild, childCount, textContent }: Node): Video | undefined {
  const link = firstChild?.marks.find(({ type }) => type.name === 'link')
  const isWhole = childCount === 1 && textContent.trim() !== ''
  return isWhole && link ? videoAt(String(link.attrs['href'])) : undefined
}
