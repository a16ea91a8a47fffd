import type { Language } from '@lahko/contract'
import { EditorContent, useEditor } from '@tiptap/react'
import { useRef, useState } from 'react'
import { t } from '../../platform/words.ts'
import { AskPicture, useAskedPictures } from './asked-pictures.tsx'
import { Callouts } from './callouts.ts'
import { LinkDialog } from './link-dialog.tsx'
import { extensions, parse, write } from './round-trip.ts'
import { Toolbar } from './toolbar.tsx'
import { VideoDialog } from './video-dialog.tsx'
import { Videos } from './videos.ts'

type Props = { language: Language; text: string; onChange: (markdown: string) => void }

const all = [...extensions, Callouts, Videos]

/** The text as it looks; it reads and writes Markdown. */
export function RichEditor({ language, text, onChange }: Props) {
  const [linking, setLinking] = useState(false)
  const [filming, setFilming] = useState(false)
  const pictures = useAskedPictures()
  const toolbar = useRef<HTMLDivElement>(null)
  const last = useRef<string>(undefined)
  const editor = useEditor({
    extensions: all,
    content: parse(text),
    injectCSS: false,
    editorProps: {
      attributes: {
        ...{ class: 'prose ae-rich', lang: language, role: 'textbox', 'aria-multiline': 'true' },
        'aria-label': t('articles.body'),
        'aria-description': t('articles.toToolbar'),
      },
      // Tab means something in lists and tables: this is the way out.
      handleKeyDown: (_, event) => {
        const leaves = event.key === 'Escape' || (event.altKey && event.key === 'F10')
        if (leaves) toolbar.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
        return leaves
      },
      ...pictures.handlers,
    },
    onCreate: (created) => {
      last.current = write(created.editor.getJSON())
    },
    onUpdate: (updated) => {
      const markdown = write(updated.editor.getJSON())
      // Where one can go on below a table is no change of the text.
      if (markdown === last.current) return
      last.current = markdown
      onChange(markdown)
    },
  })
  return (
    <div className="ae-editor">
      <Toolbar
        ref={toolbar}
        {...{ editor, language }}
        onLink={() => setLinking(true)}
        onPicture={() => pictures.choose(editor)}
        onVideo={() => setFilming(true)}
      />
      <EditorContent editor={editor} />
      {linking && <LinkDialog editor={editor} language={language} onClose={() => setLinking(false)} />}
      {filming && <VideoDialog editor={editor} language={language} onClose={() => setFilming(false)} />}
      <AskPicture {...{ editor, language, pictures }} />
    </div>
  )
}
