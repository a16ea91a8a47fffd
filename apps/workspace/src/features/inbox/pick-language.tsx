import { languages } from '@lahko/contract/values'
import { useQuery } from '@tanstack/react-query'
import { t } from '../../platform/words.ts'
import { change } from './changing.ts'
import { ticketQuery } from './inbox-data.ts'
import { languageIn, narrowingsQuery } from './narrowing-data.ts'
import { PickDialog, type Option } from './pick-dialog.tsx'

type Props = { ids: readonly string[]; onClose: () => void }
const none = 'none'

/** In which language one writes to the customer: it decides the texts that are offered. */
export function PickLanguage({ ids, onClose }: Props) {
  const { data: ticket } = useQuery(ticketQuery(ids[0] ?? ''))
  const { data: known } = useQuery(narrowingsQuery)
  const own = ids.length === 1 ? ticket?.language : undefined
  const codes = [...new Set([...languages, ...(known?.languages ?? []), ...(own ? [own] : [])])]
  const options: Option[] = [
    ...codes.map((code) => ({ id: code, name: languageIn(code), chosen: code === own })),
    { id: none, name: t('inbox.noLanguage'), icon: 'minus', chosen: own === null },
  ]
  const take = async (id: string) => {
    onClose()
    const count = ids.length
    const language = id === none ? null : id
    const done =
      language === null
        ? t('inbox.hasNoLanguage', { count })
        : t('inbox.hasLanguage', { count, language: languageIn(language) })
    await change(ids, { language }, done)
  }
  return (
    <PickDialog
      title={t('inbox.setLanguage')}
      label={t('inbox.whichLanguage')}
      options={options}
      onPick={(id) => void take(id)}
      onClose={onClose}
    >
      <p className="quiet">{t('inbox.languageMeans')}</p>
    </PickDialog>
  )
}
