import type { ApiKey } from '@lahko/contract'
import { permissions, type Permission } from '@lahko/contract/permissions'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, queries } from '../../platform/api.ts'
import { CopyButton } from '../../platform/copy-button.tsx'
import { Dialog } from '../../platform/dialog.tsx'
import { Choice, TextField } from '../../platform/field.tsx'
import { ago, moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { Banner, Empty, Failed, Trouble, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMe } from '../shell/me.ts'

/** Keys for other programs: each with what it may do, shown once. */
export function Keys() {
  const [making, setMaking] = useState(false)
  const keys = useQuery({
    queryKey: ['keys'],
    queryFn: ({ signal }) => api.accounts.listKeys({ query: { limit: 200 }, signal }),
  })
  return (
    <div className="se-form">
      <h1>{t('accounts.part.keys')}</h1>
      <p className="quiet">
        {t('accounts.keysAre')} <a href="/api/v1/docs">{t('accounts.apiDocs')}</a>
      </p>
      <div className="buttons">
        <button className="button" data-tone="accent" type="button" onClick={() => setMaking(true)}>
          <Icon name="plus" /> {t('accounts.newKey')}
        </button>
      </div>
      {keys.isError && <Failed error={keys.error} retry={() => void keys.refetch()} />}
      {keys.isPending && <Waiting />}
      {keys.data?.items.length === 0 && (
        <Empty icon="key" title={t('accounts.noKeys')}>
          {t('accounts.noKeysWhy')}
        </Empty>
      )}
      <ul className="rows">
        {keys.data?.items.map((key) => (
          <Row key={key.id} apiKey={key} />
        ))}
      </ul>
      {making && (
        <Dialog title={t('accounts.newKey')} onClose={() => setMaking(false)}>
          <NewKey onDone={() => setMaking(false)} />
        </Dialog>
      )}
    </div>
  )
}

function Row({ apiKey }: { apiKey: ApiKey }) {
  const [revoking, setRevoking] = useState(false)
  const now = useNow()
  const { name, hint, scopes, lastUsedAt, createdAt } = apiKey
  return (
    <li className="row se-row">
      <span className="row-lead">
        <Icon name="key" />
      </span>
      <span>
        <strong>{name}</strong> <code className="se-code">{hint}…</code>
        <span className="row-text se-mail">
          {scopes.map((scope) => t(`accounts.scope.${scope}`)).join(', ')} ·{' '}
          <span title={moment(createdAt)}>
            {lastUsedAt ? t('accounts.lastUsed', { when: ago(lastUsedAt, now) }) : t('accounts.neverUsed')}
          </span>
        </span>
      </span>
      <span className="row-end se-end">
        <button className="button" data-size="small" data-tone="plain" type="button" onClick={() => setRevoking(true)}>
          {t('accounts.revoke')}
        </button>
      </span>
      {revoking && (
        <Dialog title={t('accounts.revokeWhich', { name })} onClose={() => setRevoking(false)}>
          <p className="quiet">{t('accounts.revokeMeans')}</p>
          <div className="dialog-foot">
            <button className="button" type="button" onClick={() => setRevoking(false)}>
              {t('accounts.keep')}
            </button>
            <button
              className="button"
              data-tone="bad"
              type="button"
              onClick={() => (setRevoking(false), void revoke(apiKey))}
            >
              {t('accounts.revoke')}
            </button>
          </div>
        </Dialog>
      )}
    </li>
  )
}

function NewKey({ onDone }: { onDone: () => void }) {
  const own = useMe().permissions
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Permission[]>(['responses.write'])
  const make = useMutation({
    mutationFn: () => api.accounts.createKey({ body: { name, scopes } }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['keys'] }),
  })
  const toggle = (scope: Permission) =>
    setScopes((before) => permissions.filter((one) => before.includes(one) !== (one === scope)))
  if (make.data)
    return (
      <div className="stack">
        <Banner tone="good">
          <p>{t('accounts.shownOnce')}</p>
        </Banner>
        <div className="se-copy">
          <input className="input se-code" id="new-key" readOnly aria-label={t('accounts.key')} value={make.data.key} />
          <CopyButton text={make.data.key} field="new-key" />
        </div>
        <div className="dialog-foot">
          <button className="button" type="button" onClick={onDone}>
            {t('accounts.haveIt')}
          </button>
        </div>
      </div>
    )
  return (
    <form className="stack" onSubmit={(event) => (event.preventDefault(), make.mutate())}>
      <Trouble error={make.error} />
      <TextField
        label={t('accounts.keyName')}
        hint={t('accounts.keyNameHint')}
        required
        maxLength={80}
        value={name}
        problem={problemAt(make.error, 'name')}
        onChange={setName}
      />
      <fieldset>
        <legend className="field-label">
          <strong>{t('accounts.mayDo')}</strong>
        </legend>
        {permissions
          .filter((scope) => own.includes(scope))
          .map((scope) => (
            <Choice key={scope} checked={scopes.includes(scope)} onChange={() => toggle(scope)}>
              {t(`accounts.scope.${scope}`)} <code className="se-code">{scope}</code>
            </Choice>
          ))}
      </fieldset>
      <div className="dialog-foot">
        <button className="button" data-tone="accent" disabled={make.isPending || scopes.length === 0}>
          {t('accounts.makeKey')}
        </button>
      </div>
    </form>
  )
}

async function revoke({ id, name }: ApiKey): Promise<void> {
  try {
    await api.accounts.revokeKey({ params: { id } })
    say(t('accounts.revoked', { name }))
  } catch (error) {
    sayFailure(error)
  }
  await queries.invalidateQueries({ queryKey: ['keys'] })
}
