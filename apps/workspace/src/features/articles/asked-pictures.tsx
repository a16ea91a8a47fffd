import type { Language } from '@lahko/contract'
import { Selection } from '@tiptap/pm/state'
import type { EditorProps } from '@tiptap/pm/view'
import type { Editor } from '@tiptap/react'
import { useState } from 'react'
import { atText } from './at-text.ts'
import { PictureDialog } from './picture-dialog.tsx'
import { picturesIn, type PictureAttributes } from './picture.ts'

/** A picture that is to come, that was pasted or dropped, or that stands in the text. */
type Asked = { file?: File; current?: PictureAttributes }
type Handlers = Pick<EditorProps, 'handlePaste' | 'handleDrop' | 'handleDoubleClickOn'>

/** The pictures that wait to be asked what they say. */
export type AskedPictures = {
  first: Asked | undefined
  /** How many wait. */
  count: number
  choose: (editor: Editor) => void
  next: () => void
  handlers: Handlers
}

/** Pictures that are chosen, pasted or dropped, one after the other. */
export function useAskedPictures(): AskedPictures {
  const [asked, setAsked] = useState<readonly Asked[]>([])
  const add = (more: readonly Asked[]) => {
    setAsked((before) => [...before, ...more])
    return more.length > 0
  }
  return {
    first: asked[0],
    count: asked.length,
    choose: (editor) =>
      add([editor.isActive('image') ? { current: editor.getAttributes('image') as PictureAttributes } : {}]),
    next: () => setAsked((before) => before.slice(1)),
    handlers: handlersFor(add),
  }
}

function handlersFor(add: (more: readonly Asked[]) => boolean): Handlers {
  return {
    handlePaste: (_, { clipboardData }) => add(picturesIn(clipboardData).map((file) => ({ file }))),
    handleDrop(view, { dataTransfer, clientX: left, clientY: top }, _, moved) {
      const files = moved ? [] : picturesIn(dataTransfer)
      const place = view.posAtCoords({ left, top })
      if (files.length > 0 && place) {
        const { tr } = view.state
        view.dispatch(tr.setSelection(Selection.near(tr.doc.resolve(place.pos))))
      }
      return add(files.map((file) => ({ file })))
    },
    handleDoubleClickOn: (_, __, { type, attrs }) =>
      type.name === 'image' && add([{ current: attrs as PictureAttributes }]),
  }
}

/** Asks the first of them. */
export function AskPicture(props: { editor: Editor; language: Language; pictures: AskedPictures }) {
  const { editor, language, pictures } = props
  const { first, count, next } = pictures
  if (!first) return null
  const put = (picture: PictureAttributes) => {
    next()
    // The dialog gives the focus back to where it came from; the text takes it after that.
    setTimeout(() => {
      if (first.current) atText(editor).updateAttributes('image', picture).run()
      else atText(editor).insertContent({ type: 'image', attrs: picture }).run()
    })
  }
  return <PictureDialog key={count} language={language} {...first} onPut={put} onClose={next} />
}
