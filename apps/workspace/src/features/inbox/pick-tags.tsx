import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { t } from '../../platform/words.ts'
import { change, linesOf } from './changing.ts'
import { PickDialog, type Option } from './pick-dialog.tsx'

type Props = { ids: readonly string[]; onClose: () => void }
const longest = 40

/** Puts a tag on, or takes it off where all have it; one that nobody has used yet is made by writing it. */
export function PickTags({ ids, onClose }: Props) {
  const [text, setText] = useState('')
  const begins = text.trim().toLowerCase().slice(0, longest)
  const known = useQuery({
    queryKey: ['tickets', 'tags', begins],
    queryFn: ({ signal }) => api.tickets.tags({ query: { begins }, signal }),
    placeholderData: keepPreviousData,
  })
  const lines = linesOf(ids)
  const onAll = (tag: string) => lines.length > 0 && lines.every(({ tags }) => tags.includes(tag))
  const own = [...new Set(lines.flatMap(({ tags }) => tags))].filter((tag) => tag.startsWith(begins))
  const names = [...new Set([...own, ...(known.data ?? []).filter((tag) => tag.startsWith(begins))])]
  const options: Option[] = names.map((tag) => ({ id: tag, name: tag, icon: 'tag', chosen: onAll(tag) }))
  if (begins !== '' && !names.includes(begins))
    options.push({ id: begins, name: t('inbox.newTag', { tag: begins }), icon: 'plus' })
  const take = async (tag: string) => {
    onClose()
    const count = ids.length
    if (onAll(tag)) await change(ids, { removeTags: [tag] }, t('inbox.wasUntagged', { count, tag }))
    else await change(ids, { addTags: [tag] }, t('inbox.wasTagged', { count, tag }))
  }
  return (
    <PickDialog
      title={t('inbox.tag')}
      label={t('inbox.whichTag')}
      options={options}
      onType={setText}
      waits={known.isPlaceholderData}
      onPick={(tag) => void take(tag)}
      onClose={onClose}
    />
  )
}
