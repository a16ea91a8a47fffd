import type { Programme } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { Choice } from '../../platform/field.tsx'
import { Icon } from '../../platform/icon.tsx'
import { Banner, Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { MailHindered } from '../mails/mail-hindered.tsx'
import { useMay, useTitle } from '../shell/me.ts'
import '../surveys/features.css'
import { DeadMailLinks } from '../surveys/dead-mail-links.tsx'
import { SortableList } from '../surveys/sortable-list.tsx'
import './features.css'
import { Rules } from './rules.tsx'
import { conditionsInWords, whenInWords } from './in-words.ts'
import { programmesQuery, reorder, turn } from './programme-data.ts'

/** Programmes in the order in which they decide, and the rules over all of them. */
export function ProgrammesPage() {
  const mayWrite = useMay('surveys.write')
  const programmes = useQuery(programmesQuery)
  useTitle(t('programmes.programmes'))
  const items = programmes.data?.items
  return (
    <div className="p-page">
      <div className="p-head">
        <h1>{t('programmes.programmes')}</h1>
        {mayWrite && (
          <Link className="button" data-tone="accent" to="/programmes/$id" params={{ id: 'new' }}>
            <Icon name="plus" /> {t('programmes.new')}
          </Link>
        )}
      </div>
      <DeadMailLinks />
      {mayWrite && items && items.length > 0 && <NoMailServer />}
      {programmes.isError && <Failed error={programmes.error} retry={() => void programmes.refetch()} />}
      {programmes.isPending && <Waiting lines={4} />}
      {items?.length === 0 && (
        <Empty icon="mail" title={t('programmes.none')}>
          {t('programmes.noneWhy')}
        </Empty>
      )}
      {items && items.length > 0 && <InOrder items={items} mayWrite={mayWrite} />}
      <Rules />
    </div>
  )
}

/** Says that what programmes send goes nowhere, or why it does not at present. */
function NoMailServer() {
  const mails = useQuery({
    queryKey: ['mails', 'server'],
    queryFn: ({ signal }) => api.mails.list({ query: { limit: 1 }, signal }),
  })
  return (
    <>
      {mails.data?.server === false && (
        <Banner tone="warn">
          <p>{t('programmes.noServer')}</p>
        </Banner>
      )}
      <MailHindered hindered={mails.data?.hindered} />
    </>
  )
}

function InOrder({ items, mayWrite }: { items: readonly Programme[]; mayWrite: boolean }) {
  return (
    <section className="stack" data-gap="2" aria-label={t('programmes.programmes')}>
      <p className="quiet">{t('programmes.orderHint')}</p>
      {mayWrite ? (
        <SortableList
          items={items}
          nameOf={({ name }) => name}
          idOf={({ id }) => id}
          onChange={(ordered) => void reorder(ordered)}
        >
          {(programme) => <Row programme={programme} mayWrite />}
        </SortableList>
      ) : (
        <ul className="bu-list pr-read">
          {items.map((programme) => (
            <li key={programme.id}>
              <Row programme={programme} mayWrite={false} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Row({ programme, mayWrite }: { programme: Programme; mayWrite: boolean }) {
  const { id, name, survey, state } = programme
  return (
    <div className="pr-row">
      <div>
        <Link className="pr-name" to="/programmes/$id" params={{ id }}>
          {name}
        </Link>
        <p className="quiet">{conditionsInWords(programme.conditions)}</p>
        <p className="quiet">
          {survey.name}: {whenInWords(programme)}
        </p>
        {state === 'on' && !survey.open && (
          <p className="pr-warn">
            <Icon name="warning" /> {t('programmes.surveyAsleep')}
          </p>
        )}
      </div>
      <Switch programme={programme} disabled={!mayWrite} />
    </div>
  )
}

/** Whether a programme is on. */
export function Switch({ programme, disabled }: { programme: Programme; disabled: boolean }) {
  const { name, state } = programme
  return (
    <Choice
      kind="switch"
      checked={state === 'on'}
      disabled={disabled}
      onChange={(on) => void turn(programme, on ? 'on' : 'off')}
    >
      <span className="visually-hidden">{name}: </span>
      {t('programmes.on')}
    </Choice>
  )
}
