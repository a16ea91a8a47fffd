import type { NoticeKind, NoticeSettings } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, problemOf, queries } from '../../platform/api.ts'
import { Choice, SelectField } from '../../platform/field.tsx'
import { moment } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useMe } from '../shell/me.ts'
import './features.css'
import { noticeKinds, settingsQuery } from './notice-data.ts'
import { TryNotice } from './try-notice.tsx'

type Change = {
  digestHour?: number | null
  timeZone?: string | null
  mails?: Partial<NoticeSettings['mails']>
  newTickets?: boolean
  unownedMinutes?: number | null
}
const hours = Array.from({ length: 24 }, (_, hour) => hour)

/** What a member wants to hear of by mail, and when. */
export function OwnNotices() {
  const settings = useQuery(settingsQuery)
  return (
    <section>
      <h2>{t('notices.notices')}</h2>
      {settings.isError && <Failed error={settings.error} retry={() => void settings.refetch()} />}
      {settings.isPending && <Waiting />}
      {settings.data && <Form settings={settings.data} />}
    </section>
  )
}

function Form({ settings }: { settings: NoticeSettings }) {
  const { workspace } = useMe()
  const mayReadTickets = useMay('tickets.read')
  // What was just turned stands so while the server is asked.
  const [mails, setMails] = useState(settings.mails)
  const save = useMutation({
    mutationFn: (body: Change) => api.notices.changeSettings({ body }),
    onSuccess: (now) => {
      queries.setQueryData(settingsQuery.queryKey, now)
      say(t('notices.saved'))
    },
    onError: (error) => {
      setMails(settings.mails)
      if (!problemOf(error)?.errors?.length) sayFailure(error)
    },
  })
  const turn = (kind: NoticeKind, wanted: boolean) => {
    setMails({ ...mails, [kind]: wanted })
    save.mutate({ mails: { [kind]: wanted } })
  }
  const { digestHour, digestDueAt, timeZone } = settings
  const hour = (value: number) => `${String(value).padStart(2, '0')}:00`
  return (
    <>
      <SelectField
        label={t('notices.digest')}
        hint={digestDueAt ? t('notices.digestNext', { when: moment(digestDueAt) }) : t('notices.digestHint')}
        value={digestHour === null ? 'none' : String(digestHour)}
        options={[['none', t('notices.noDigest')], ...hours.map((one) => [String(one), hour(one)] as const)]}
        onChange={(chosen) => save.mutate({ digestHour: chosen === 'none' ? null : Number(chosen) })}
      />
      <SelectField
        label={t('notices.zone')}
        value={timeZone ?? ''}
        problem={problemAt(save.error, 'timeZone')}
        options={[
          ['', t('notices.zoneOfWorkspace', { zone: workspace.timeZone })],
          ...zonesWith(timeZone).map((zone) => [zone, zone] as const),
        ]}
        onChange={(zone) => save.mutate({ timeZone: zone === '' ? null : zone })}
      />
      <fieldset className="stack">
        <legend>{t('notices.atOnce')}</legend>
        {noticeKinds.map((kind) => (
          <div className="no-kind" key={kind}>
            <Choice kind="switch" checked={mails[kind]} onChange={(wanted) => turn(kind, wanted)}>
              {t(`notices.kind.${kind}`)}
            </Choice>
            <TryNotice kind={kind} />
          </div>
        ))}
      </fieldset>
      {mayReadTickets && (
        <fieldset className="stack">
          <legend>{t('notices.unowned')}</legend>
          <p className="quiet">{t('notices.unownedHint')}</p>
          <Choice kind="switch" checked={settings.newTickets} onChange={(newTickets) => save.mutate({ newTickets })}>
            {t('notices.kind.ticket_new')}
          </Choice>
          <SelectField
            label={t('notices.kind.ticket_unowned')}
            value={settings.unownedMinutes === null ? '' : String(settings.unownedMinutes)}
            options={[
              ['', t('notices.never')],
              ...minutesWith(settings.unownedMinutes).map(
                (one) => [String(one), t('notices.afterMinutes', { minutes: one })] as const,
              ),
            ]}
            onChange={(chosen) => save.mutate({ unownedMinutes: chosen === '' ? null : Number(chosen) })}
          />
        </fieldset>
      )}
    </>
  )
}

const usualMinutes = [5, 15, 30, 60, 120, 240, 480, 1440]

/** Usual waits, and what was chosen by another way. */
function minutesWith(chosen: number | null): number[] {
  return [...new Set([...usualMinutes, ...(chosen === null ? [] : [chosen])])].toSorted((a, b) => a - b)
}

/** What the browser knows, and what was chosen on another one. */
function zonesWith(chosen: string | null): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return chosen === null || known.includes(chosen) ? known : [chosen, ...known]
}
