import type { Language } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import type { Editor } from '@tiptap/react'
import { useState } from 'react'
import { t } from '../../platform/words.ts'
import { PickDialog } from '../inbox/pick-dialog.tsx'
import { collectionsQuery, fittingQuery } from './article-data.ts'
import { atText } from './at-text.ts'
import { shownLine } from './states.ts'
import { pathTitle } from './tree.ts'

const most = 12
const address = /^(https?:\/\/|mailto:|tel:|#)\S+$/i

type Props = { editor: Editor; language: Language; onClose: () => void }

/** Links to another article, found by its title, or to an address. */
export function LinkDialog({ editor, language, onClose }: Props) {
  const [text, setText] = useState('')
  const { data: collections = [] } = useQuery(collectionsQuery)
  const typed = text.trim()
  const { data: found, isPlaceholderData } = useQuery(
    fittingQuery({ ...(typed !== '' && { find: typed.slice(0, 200) }) }, '', 1),
  )
  const fitting = found?.items ?? []
  const articles = fitting.slice(0, most).map((article) => ({
    id: article.id,
    name: shownLine(article, language)?.title ?? article.slug,
    hint: pathTitle(collections, article.collectionId, language),
  }))
  const take = (id: string) => {
    onClose()
    // The dialog gives the focus back to where it came from; the text takes it after that.
    setTimeout(() => put(id))
  }
  const put = (id: string) => {
    if (id === 'none') return void atText(editor).extendMarkRange('link').unsetLink().run()
    const article = fitting.find((one) => one.id === id)
    // The server finds an article by the name of its file, in whatever folder.
    const href = article ? `${article.slug}.md` : typed
    link(editor, href, article ? (shownLine(article, language)?.title ?? article.slug) : typed)
  }
  return (
    <PickDialog
      title={t('articles.tool.link')}
      label={t('articles.titleOrAddress')}
      options={[
        ...(address.test(typed) ? [{ id: 'address', name: t('articles.linkTo', { address: typed }) }] : []),
        ...articles,
        ...(editor.isActive('link') && typed === '' ? [{ id: 'none', name: t('articles.noLink') }] : []),
      ]}
      onType={setText}
      waits={isPlaceholderData}
      onPick={take}
      onClose={onClose}
    />
  )
}

function link(editor: Editor, href: string, title: string): void {
  if (editor.isActive('link')) atText(editor).extendMarkRange('link').setLink({ href }).run()
  else if (!editor.state.selection.empty) atText(editor).setLink({ href }).run()
  else {
    const marks = [{ type: 'link', attrs: { href } }]
    atText(editor).insertContent({ type: 'text', text: title, marks }).unsetMark('link').run()
  }
}
