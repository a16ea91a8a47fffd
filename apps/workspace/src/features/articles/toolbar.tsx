import type { Language } from '@lahko/contract'
import { useEditorState, type Editor } from '@tiptap/react'
import type { KeyboardEvent, RefObject } from 'react'
import { Icon, type IconName } from '../../platform/icon.tsx'
import { IconMenu } from '../../platform/icon-menu.tsx'
import { MenuItem } from '../../platform/popover.tsx'
import { isMac } from '../../platform/actions.ts'
import { caps } from '../../platform/keys.ts'
import { t, type WordKey } from '../../platform/words.ts'
import { atText } from './at-text.ts'
import { calloutName, tones, type Tone } from './callouts.ts'

type Props = {
  editor: Editor
  language: Language
  onLink: () => void
  onPicture: () => void
  onVideo: () => void
  ref: RefObject<HTMLDivElement | null>
}

const levels = [2, 3, 4] as const
type Level = (typeof levels)[number] | 1 | 5 | 6

/** What the text can be made of; arrows go from one to the next, Escape goes back to the text. */
export function Toolbar({ editor, language, onLink, onPicture, onVideo, ref }: Props) {
  const now = useEditorState({ editor, selector: ({ editor: one }) => stateOf(one) })
  const chain = () => atText(editor)
  return (
    <div
      ref={ref}
      className="ae-tools"
      role="toolbar"
      tabIndex={-1}
      aria-label={t('articles.tools')}
      onKeyDown={(event) => onKey(event, editor)}
    >
      <select
        className="input ae-style"
        tabIndex={0}
        aria-label={t('articles.style')}
        value={now.level}
        onChange={({ target }) => {
          const level = Number(target.value) as Level | 0
          if (level === 0) chain().setParagraph().run()
          else chain().setHeading({ level }).run()
        }}
      >
        <option value={0}>{t('articles.plainText')}</option>
        {[...new Set([...levels, ...(now.level ? [now.level] : [])])].toSorted().map((level) => (
          <option key={level} value={level}>
            {t('articles.heading', { level: Math.max(1, level - 1) })}
          </option>
        ))}
      </select>
      <Tool icon="bold" name="bold" keys="mod+b" pressed={now.bold} onUse={() => chain().toggleBold().run()} />
      <Tool icon="italic" name="italic" keys="mod+i" pressed={now.italic} onUse={() => chain().toggleItalic().run()} />
      <Tool icon="code" name="code" keys="mod+e" pressed={now.code} onUse={() => chain().toggleCode().run()} />
      <Tool icon="link" name="link" pressed={now.link} onUse={onLink} />
      <Tool icon="picture" name="picture" pressed={now.picture} onUse={onPicture} />
      <Tool icon="video" name="video" onUse={onVideo} />
      <Tool icon="ledger" name="bullets" pressed={now.bullets} onUse={() => chain().toggleBulletList().run()} />
      <Tool icon="steps" name="steps" pressed={now.steps} onUse={() => chain().toggleOrderedList().run()} />
      <Tool icon="codeBlock" name="codeBlock" pressed={now.codeBlock} onUse={() => chain().toggleCodeBlock().run()} />
      <CalloutMenu editor={editor} language={language} inside={now.quotation} />
      {now.table ? (
        <TableMenu editor={editor} />
      ) : (
        <Tool icon="table" name="table" onUse={() => chain().insertTable({ rows: 3, cols: 2 }).run()} />
      )}
      <Tool icon="undo" name="undo" keys="mod+z" off={!now.canUndo} onUse={() => chain().undo().run()} />
      <Tool icon="redo" name="redo" off={!now.canRedo} onUse={() => chain().redo().run()} />
    </div>
  )
}

function stateOf(editor: Editor) {
  const level = editor.isActive('heading') ? (Number(editor.getAttributes('heading')['level']) as Level) : 0
  return {
    level,
    ...{ bold: editor.isActive('bold'), italic: editor.isActive('italic'), code: editor.isActive('code') },
    ...{ link: editor.isActive('link'), picture: editor.isActive('image') },
    ...{ bullets: editor.isActive('bulletList'), steps: editor.isActive('orderedList') },
    ...{ codeBlock: editor.isActive('codeBlock'), quotation: editor.isActive('blockquote') },
    ...{ table: editor.isActive('table'), canUndo: editor.can().undo(), canRedo: editor.can().redo() },
  }
}

function onKey(event: KeyboardEvent<HTMLDivElement>, editor: Editor): void {
  if (event.key === 'Escape') editor.view.focus()
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (!by || !(event.target instanceof HTMLElement) || event.target.closest('[popover]')) return
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(':scope > :is(button, select):not(:disabled)')]
  stops.at((stops.indexOf(event.target) + by) % stops.length)?.focus()
  event.preventDefault()
}

type ToolName =
  | 'bold'
  | 'italic'
  | 'code'
  | 'link'
  | 'picture'
  | 'video'
  | 'bullets'
  | 'steps'
  | 'codeBlock'
  | 'table'
  | 'undo'
  | 'redo'

function Tool(props: {
  icon: IconName
  name: ToolName
  keys?: string
  pressed?: boolean
  off?: boolean
  onUse: () => void
}) {
  const { icon, name, keys, pressed, off, onUse } = props
  const key: WordKey = `articles.tool.${name}`
  const title = keys ? `${t(key)} (${caps(keys, isMac).join('')})` : t(key)
  return (
    <button
      type="button"
      className="button"
      data-size="small"
      data-tone="plain"
      data-icon
      aria-label={t(key)}
      aria-pressed={pressed}
      title={title}
      disabled={off}
      onClick={onUse}
    >
      <Icon name={icon} />
    </button>
  )
}

function CalloutMenu({ editor, language, inside }: { editor: Editor; language: Language; inside: boolean }) {
  return (
    <IconMenu name={t('articles.tool.callout')} icon="note" pressed={inside}>
      {(done) => (
        <>
          {tones.map((tone) => (
            <MenuItem key={tone} onPick={done(() => insertCallout(editor, tone, language))}>
              {t(`articles.callout.${tone}`)}
            </MenuItem>
          ))}
          <MenuItem onPick={done(() => atText(editor).toggleBlockquote().run())}>
            {t(inside ? 'articles.noQuotation' : 'articles.quotation')}
          </MenuItem>
        </>
      )}
    </IconMenu>
  )
}

/** Begins the paragraph with the word that makes it a callout; what stands there already stays. */
function insertCallout(editor: Editor, tone: Tone, language: Language): void {
  const chain = atText(editor)
  if (!editor.isActive('blockquote')) chain.setBlockquote()
  chain
    .command(({ tr, state }) => {
      const start = tr.selection.$from.start()
      const bold = state.schema.marks['bold']?.create()
      tr.insert(start, [state.schema.text(calloutName(tone, language), bold ? [bold] : []), state.schema.text(' ')])
      tr.removeStoredMark(state.schema.marks['bold']!)
      return true
    })
    .run()
}

function TableMenu({ editor }: { editor: Editor }) {
  const chain = () => atText(editor)
  const offers = [
    ['rowBelow', () => chain().addRowAfter().run()],
    ['columnAfter', () => chain().addColumnAfter().run()],
    ['noRow', () => chain().deleteRow().run()],
    ['noColumn', () => chain().deleteColumn().run()],
    ['noTable', () => chain().deleteTable().run()],
  ] as const
  return (
    <IconMenu name={t('articles.tool.table')} icon="table" pressed>
      {(done) =>
        offers.map(([name, work]) => (
          <MenuItem key={name} onPick={done(work)}>
            {t(`articles.table.${name}`)}
          </MenuItem>
        ))
      }
    </IconMenu>
  )
}
