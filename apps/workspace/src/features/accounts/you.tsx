import type { Language } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useShortcuts } from '../../platform/actions.ts'
import { api, problemAt, problemOf, queries, sayProblem } from '../../platform/api.ts'
import { Choice, SelectField, TextField } from '../../platform/field.tsx'
import { ago, moment } from '../../platform/format.ts'
import { useNow } from '../../platform/now.ts'
import { Banner, Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { languageNames, speak, t } from '../../platform/words.ts'
import { useCompact } from '../inbox/compact.ts'
import { OwnNotices } from '../notices/own-notices.tsx'
import { meQuery, useMay, useMe } from '../shell/me.ts'
import { signOut } from '../shell/shell.tsx'
import { deviceName } from './devices.ts'

/** Oneself: name, language, password, and where one is signed in. */
export function You() {
  const { account } = useMe()
  const [shortcuts, turnShortcuts] = useShortcuts()
  const [compact, setCompact] = useCompact()
  const mayReadTickets = useMay('tickets.read')
  if (!account) return null
  return (
    <div className="se-form">
      <h1>{account.name}</h1>
      <p className="quiet">{account.email}</p>
      <NameAndLanguage name={account.name} language={account.language} />
      <section>
        <h2>{t('shell.shortcuts')}</h2>
        <Choice kind="switch" checked={shortcuts} onChange={turnShortcuts} hint={t('shell.shortcutsHint')}>
          {t('shell.shortcutsOn')}
        </Choice>
      </section>
      {mayReadTickets && (
        <section>
          <h2>{t('inbox.inbox')}</h2>
          <Choice kind="switch" checked={compact} onChange={setCompact} hint={t('inbox.compactMeans')}>
            {t('inbox.compact')}
          </Choice>
        </section>
      )}
      <OwnNotices />
      <Password />
      <Sessions />
      <div className="se-save">
        <button className="button" type="button" onClick={() => void signOut()}>
          {t('shell.signOut')}
        </button>
      </div>
    </div>
  )
}

function NameAndLanguage(saved: { name: string; language: Language }) {
  const [name, setName] = useState(saved.name)
  const [language, setLanguage] = useState(saved.language)
  const save = useMutation({
    // What stays is not sent: of the demo’s account, which everybody shares, a visitor may change the language alone.
    mutationFn: () =>
      api.accounts.changeMe({
        body: { ...(name !== saved.name && { name }), ...(language !== saved.language && { language }) },
      }),
    onSuccess: async () => {
      if (language !== saved.language) {
        await speak(language)
        location.reload()
        return
      }
      await queries.invalidateQueries({ queryKey: meQuery.queryKey })
      say(t('accounts.saved'))
    },
    onError: (error) => problemOf(error)?.errors?.length || sayFailure(error),
  })
  const same = name === saved.name && language === saved.language
  return (
    <section>
      <h2>{t('accounts.nameAndLanguage')}</h2>
      <form className="stack" onSubmit={(event) => (event.preventDefault(), save.mutate())}>
        <TextField
          label={t('start.name')}
          autoComplete="name"
          required
          maxLength={80}
          value={name}
          problem={problemAt(save.error, 'name')}
          onChange={setName}
        />
        <SelectField
          label={t('accounts.language')}
          value={language}
          options={(Object.keys(languageNames) as Language[]).map((one) => [one, languageNames[one]] as const)}
          onChange={setLanguage}
        />
        <div className="buttons">
          <button className="button" data-tone="accent" disabled={same || save.isPending}>
            {t('surveys.save')}
          </button>
        </div>
      </form>
    </section>
  )
}

function Password() {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const { account } = useMe()
  const save = useMutation({
    mutationFn: () => api.accounts.changeMe({ body: { password: { current, next } } }),
    onSuccess: () => {
      setCurrent('')
      setNext('')
      say(t('accounts.passwordChanged'))
      return queries.invalidateQueries({ queryKey: ['sessions'] })
    },
  })
  const problem = (field: string) => problemAt(save.error, `password/${field}`)
  return (
    <section>
      <h2>{t('start.password')}</h2>
      <form className="stack" onSubmit={(event) => (event.preventDefault(), save.mutate())}>
        {save.isError && !problem('current') && !problem('next') && (
          <Banner tone="bad" alert>
            <p>{sayProblem(save.error)}</p>
          </Banner>
        )}
        <input type="text" hidden readOnly autoComplete="username" value={account?.email ?? ''} />
        <TextField
          type="password"
          label={t('accounts.currentPassword')}
          autoComplete="current-password"
          required
          value={current}
          problem={problem('current')}
          onChange={setCurrent}
        />
        <TextField
          type="password"
          label={t('accounts.nextPassword')}
          hint={t('start.passwordHint')}
          autoComplete="new-password"
          required
          minLength={10}
          wrong={t('start.passwordShort')}
          value={next}
          problem={problem('next')}
          onChange={setNext}
        />
        <div className="buttons">
          <button className="button" disabled={save.isPending || next === ''}>
            {t('accounts.changePassword')}
          </button>
        </div>
      </form>
    </section>
  )
}

function Sessions() {
  const now = useNow()
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => api.accounts.listSessions({ query: { limit: 100 }, signal }),
  })
  const end = async (id: string) => {
    try {
      await api.accounts.revokeSession({ params: { id } })
      say(t('accounts.sessionEnded'))
    } catch (error) {
      sayFailure(error)
    }
    await queries.invalidateQueries({ queryKey: ['sessions'] })
  }
  return (
    <section>
      <h2>{t('accounts.sessions')}</h2>
      {sessions.isError && <Failed error={sessions.error} retry={() => void sessions.refetch()} />}
      {sessions.isPending && <Waiting />}
      <ul className="rows">
        {sessions.data?.items.map(({ id, current, userAgent, createdAt, seenAt }) => (
          <li className="row" key={id}>
            <span>
              <strong title={userAgent}>{deviceName(userAgent) ?? t('accounts.someDevice')}</strong>{' '}
              {current && <span className="quiet">{t('accounts.thisOne')}</span>}
              <span className="row-text se-mail">
                {t('accounts.sessionSince', { since: moment(createdAt), seen: ago(seenAt, now) })}
              </span>
            </span>
            <span className="row-end">
              {!current && (
                <button
                  className="button"
                  data-size="small"
                  data-tone="plain"
                  type="button"
                  onClick={() => void end(id)}
                >
                  {t('accounts.endSession')}
                </button>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
