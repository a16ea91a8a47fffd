import type { Suppression } from '@lahko/contract'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { SelectField, TextField } from '../../platform/field.tsx'
import { FindField } from '../../platform/find-field.tsx'
import { ago, moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useMay } from '../shell/me.ts'
import { AddSuppressions } from './add-suppressions.tsx'
import './features.css'
import { readSuppressions } from './suppression-data.ts'

type Reason = Suppression['reason']
type Filter = { begins?: string; reason?: Reason; from?: string; to?: string }

const reasons: readonly Reason[] = ['unsubscribed', 'bounced', 'complained', 'by_hand', 'imported']

/** Addresses that are not written to, and why. */
export function NotWrittenTo() {
  const mayAdd = useMay('responses.write')
  const [filter, setFilter] = useState<Filter>({})
  const put = (part: Filter) => setFilter((before) => ({ ...before, ...part }))
  const list = useInfiniteQuery({
    queryKey: ['suppressions', filter],
    queryFn: ({ pageParam, signal }) => api.people.listSuppressions({ query: { ...filter, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const rows = list.data?.pages.flatMap(({ items }) => items)
  const filtered = Object.values(filter).some(Boolean)
  return (
    <div className="se-form">
      <h1>{t('accounts.part.not-written-to')}</h1>
      <p className="quiet">{t('people.notWrittenHint')}</p>
      {mayAdd && <AddSuppressions />}
      <search className="pe-filters">
        <FindField
          id="find-suppressions"
          name={t('people.addressBegins')}
          text={filter.begins}
          onFind={(begins) => put({ begins })}
        />
        <SelectField<Reason | ''>
          label={t('people.reason')}
          value={filter.reason ?? ''}
          options={[
            ['', t('people.anyReason')],
            ...reasons.map((one) => [one, t(`people.reason.${one}`)] as [Reason, string]),
          ]}
          onChange={(reason) => put({ reason: reason || undefined })}
        />
        <TextField
          label={t('people.fromDay')}
          type="date"
          value={filter.from ?? ''}
          onChange={(from) => put({ from: from || undefined })}
        />
        <TextField
          label={t('people.toDay')}
          type="date"
          value={filter.to ?? ''}
          onChange={(to) => put({ to: to || undefined })}
        />
      </search>
      {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Waiting lines={4} />}
      {rows?.length === 0 &&
        (filtered ? (
          <p className="quiet">{t('people.noSuchAddress')}</p>
        ) : (
          <Empty icon="mail" title={t('people.everybodyWritten')}>
            {t('people.everybodyWrittenWhy')}
          </Empty>
        ))}
      <ul className="rows" aria-busy={list.isPlaceholderData}>
        {rows?.map((one) => (
          <Row key={one.id} suppression={one} />
        ))}
      </ul>
      <More {...list} />
    </div>
  )
}

function Row({ suppression }: { suppression: Suppression }) {
  const now = useNow()
  const mayRemove = useMay('workspace.manage')
  const { address, reason, at } = suppression
  return (
    <li className="row">
      <span className="row-lead">
        <Icon name="mail" />
      </span>
      <span className="pe-words">
        <strong>{address}</strong> <span className="row-text">{t(`people.reason.${reason}`)}</span>
      </span>
      <span className="row-end cluster">
        <time dateTime={at} title={moment(at)}>
          {ago(at, now)}
        </time>
        {mayRemove && (
          <button
            type="button"
            className="button"
            data-size="small"
            data-tone="plain"
            aria-label={t('people.writeAgainTo', { address })}
            onClick={() => void remove(suppression)}
          >
            {t('people.writeAgain')}
          </button>
        )}
      </span>
    </li>
  )
}

/** What is taken back stands on the list again, from now on. */
async function remove({ id, address, reason }: Suppression): Promise<void> {
  try {
    await api.people.removeSuppression({ params: { id } })
    say(t('people.writtenAgain', { address }), () => {
      void api.people.suppress({ body: { address, reason } }).catch(sayFailure).finally(readSuppressions)
    })
  } catch (error) {
    sayFailure(error)
  }
  readSuppressions()
}
