import { useQuery } from '@tanstack/react-query'
import { t } from '../../platform/words.ts'
import { formQuery } from '../requests/form-data.ts'
import { change, linesOf } from './changing.ts'
import { PickDialog, type Option } from './pick-dialog.tsx'

type Props = { ids: readonly string[]; onClose: () => void }
const none = 'none'

/** What tickets are about: the topics of the contact form. The fields that belong to it are asked for beside the ticket. */
export function PickTopic({ ids, onClose }: Props) {
  const { data: form } = useQuery(formQuery)
  const own = new Set(linesOf(ids).map(({ topic }) => topic))
  const names = [...new Set([...(form?.topics ?? []).map(({ name }) => name), ...own])].filter((name) => name !== null)
  const chosen = (name: string | null) => own.size === 1 && own.has(name)
  const options: Option[] = [
    // What is chosen is told from *no topic* by its place, whatever it is called.
    ...names.map((name, place) => ({ id: String(place), name, chosen: chosen(name) })),
    { id: none, name: t('inbox.noTopic'), icon: 'minus', chosen: chosen(null) },
  ]
  const take = async (id: string) => {
    onClose()
    const topic = id === none ? null : (names[Number(id)] ?? null)
    const count = ids.length
    await change(
      ids,
      { topic },
      topic === null ? t('inbox.hasNoTopic', { count }) : t('inbox.hasTopic', { count, topic }),
    )
  }
  return (
    <PickDialog
      title={t('inbox.setTopic')}
      label={t('inbox.whichTopic')}
      options={options}
      onPick={(id) => void take(id)}
      onClose={onClose}
    >
      {form?.topics.length === 0 && <p className="quiet">{t('inbox.noTopicsYet')}</p>}
    </PickDialog>
  )
}
