import type { InboundHook } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, queries, sayProblem } from '../../platform/api.ts'
import { CopyButton } from '../../platform/copy-button.tsx'
import { Dialog } from '../../platform/dialog.tsx'
import { SelectField, TextField } from '../../platform/field.tsx'
import { ago } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { Banner, Empty, Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { UntakenDeliveries } from './untaken-deliveries.tsx'
import './features.css'

const systems = [
  ['zendesk', 'Zendesk'],
  ['freshdesk', 'Freshdesk'],
  ['zammad', 'Zammad'],
] as const
type System = (typeof systems)[number][0]

const nameOfSystem = (system: System) => systems.find(([one]) => one === system)![1]
const refresh = () => void queries.invalidateQueries({ queryKey: ['inbound'] })

/** The addresses that help desks send their solved tickets to. */
export function HelpDesks() {
  const [making, setMaking] = useState(false)
  const hooks = useQuery({
    queryKey: ['inbound'],
    queryFn: ({ signal }) => api.touchpoints.listHooks({ query: { limit: 200 }, signal }),
  })
  return (
    <div className="se-form">
      <h1>{t('touchpoints.helpDesks')}</h1>
      <p className="quiet">{t('touchpoints.helpDesksAre')}</p>
      <div className="buttons">
        <button className="button" data-tone="accent" type="button" onClick={() => setMaking(true)}>
          <Icon name="plus" /> {t('touchpoints.newAddress')}
        </button>
      </div>
      {hooks.isError && <Failed error={hooks.error} retry={() => void hooks.refetch()} />}
      {hooks.isPending && <Waiting />}
      {hooks.data?.items.length === 0 && (
        <Empty icon="touchpoints" title={t('touchpoints.noAddress')}>
          {t('touchpoints.noAddressWhy')}
        </Empty>
      )}
      <ul className="rows">
        {hooks.data?.items.map((hook) => (
          <Row key={hook.id} hook={hook} />
        ))}
      </ul>
      {making && (
        <Dialog title={t('touchpoints.newAddress')} onClose={() => setMaking(false)}>
          <NewAddress onDone={() => setMaking(false)} />
        </Dialog>
      )}
    </div>
  )
}

function Row({ hook }: { hook: InboundHook }) {
  const [open, setOpen] = useState<'secret' | 'removal' | 'untaken' | null>(null)
  const now = useNow()
  const close = () => setOpen(null)
  const { id, name, system, url, hasSecret, lastReceivedAt } = hook
  return (
    <li className="tp-hook">
      <div className="cluster" data-spread="">
        <span>
          <strong>{name}</strong> <span className="quiet">{nameOfSystem(system)}</span>
        </span>
        <span className="buttons">
          <button className="button" data-size="small" type="button" onClick={() => setOpen('untaken')}>
            {t('touchpoints.untaken')}
          </button>
          <button className="button" data-size="small" type="button" onClick={() => setOpen('secret')}>
            {t(hasSecret ? 'touchpoints.newSecret' : 'touchpoints.giveSecret')}
          </button>
          <button
            className="button"
            data-size="small"
            data-tone="plain"
            type="button"
            onClick={() => setOpen('removal')}
          >
            {t('touchpoints.remove')}
          </button>
        </span>
      </div>
      {url ? <Copied id={`url-${id}`} name={t('touchpoints.address')} text={url} /> : <p>{t('touchpoints.noUrl')}</p>}
      <p className="quiet">
        {!hasSecret && t('touchpoints.noSecretYet')}
        {hasSecret &&
          (lastReceivedAt
            ? t('touchpoints.received', { when: ago(lastReceivedAt, now) })
            : t('touchpoints.neverReceived'))}
      </p>
      {open === 'secret' && (
        <Dialog title={t(hasSecret ? 'touchpoints.newSecret' : 'touchpoints.giveSecret')} onClose={close}>
          <Secret hook={hook} onDone={close} />
        </Dialog>
      )}
      {open === 'untaken' && (
        <Dialog title={t('touchpoints.untakenOf', { name })} onClose={close}>
          <UntakenDeliveries hookId={id} />
        </Dialog>
      )}
      {open === 'removal' && (
        <Dialog title={t('touchpoints.removeWhich', { name })} onClose={close}>
          <p className="quiet">{t('touchpoints.removeMeans')}</p>
          <div className="dialog-foot">
            <button className="button" type="button" onClick={close}>
              {t('touchpoints.keep')}
            </button>
            <button className="button" data-tone="bad" type="button" onClick={() => (close(), void remove(hook))}>
              {t('touchpoints.remove')}
            </button>
          </div>
        </Dialog>
      )}
    </li>
  )
}

function Copied({ id, name, text }: { id: string; name: string; text: string }) {
  return (
    <div className="se-copy">
      <input className="input se-code" id={id} readOnly aria-label={name} value={text} />
      <CopyButton text={text} field={id} />
    </div>
  )
}

function NewAddress({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState('')
  const [system, setSystem] = useState<System>('zendesk')
  const make = useMutation({
    mutationFn: () => api.touchpoints.createHook({ body: { name, system } }),
    onSuccess: refresh,
  })
  if (make.data) {
    const { secret, hook } = make.data
    return (
      <div className="stack">
        {hook.url && <Copied id="new-address" name={t('touchpoints.address')} text={hook.url} />}
        {secret ? <ShownOnce secret={secret} /> : <p>{t('touchpoints.zendeskNext')}</p>}
        <Done onDone={onDone} />
      </div>
    )
  }
  return (
    <form className="stack" onSubmit={(event) => (event.preventDefault(), make.mutate())}>
      {make.isError && <Refused error={make.error} />}
      <SelectField label={t('touchpoints.system')} value={system} options={systems} onChange={setSystem} />
      <TextField
        label={t('touchpoints.hookName')}
        hint={t('touchpoints.hookNameHint')}
        required
        maxLength={80}
        value={name}
        problem={problemAt(make.error, 'name')}
        onChange={setName}
      />
      <div className="dialog-foot">
        <button className="button" data-tone="accent" disabled={make.isPending}>
          {t('touchpoints.makeAddress')}
        </button>
      </div>
    </form>
  )
}

/** Zendesk tells its own secret; for the others a new one is made. */
function Secret({ hook: { id, system }, onDone }: { hook: InboundHook; onDone: () => void }) {
  const [given, setGiven] = useState('')
  const own = system === 'zendesk'
  const save = useMutation({
    mutationFn: () => api.touchpoints.setHookSecret({ params: { id }, body: own ? { secret: given.trim() } : {} }),
    onSuccess: ({ secret }) => {
      refresh()
      if (secret !== null) return
      say(t('touchpoints.secretKept'))
      onDone()
    },
  })
  if (save.data?.secret)
    return (
      <div className="stack">
        <ShownOnce secret={save.data.secret} />
        <Done onDone={onDone} />
      </div>
    )
  return (
    <form className="stack" onSubmit={(event) => (event.preventDefault(), save.mutate())}>
      {save.isError && <Refused error={save.error} />}
      {own ? (
        <TextField
          label={t('touchpoints.secret')}
          hint={t('touchpoints.secretHint')}
          required
          minLength={8}
          maxLength={200}
          autoComplete="off"
          value={given}
          problem={problemAt(save.error, 'secret')}
          onChange={setGiven}
        />
      ) : (
        <p className="quiet">{t('touchpoints.newSecretMeans')}</p>
      )}
      <div className="dialog-foot">
        <button className="button" data-tone="accent" disabled={save.isPending}>
          {t(own ? 'touchpoints.keepSecret' : 'touchpoints.makeSecret')}
        </button>
      </div>
    </form>
  )
}

function ShownOnce({ secret }: { secret: string }) {
  return (
    <>
      <Banner tone="good">
        <p>{t('touchpoints.shownOnce')}</p>
      </Banner>
      <Copied id="new-secret" name={t('touchpoints.secret')} text={secret} />
    </>
  )
}

function Done({ onDone }: { onDone: () => void }) {
  return (
    <div className="dialog-foot">
      <button className="button" type="button" onClick={onDone}>
        {t('touchpoints.done')}
      </button>
    </div>
  )
}

function Refused({ error }: { error: unknown }) {
  return (
    <Banner tone="bad" alert>
      <p>{sayProblem(error)}</p>
    </Banner>
  )
}

async function remove({ id, name }: InboundHook): Promise<void> {
  try {
    await api.touchpoints.removeHook({ params: { id } })
    say(t('touchpoints.removed', { name }))
  } catch (error) {
    sayFailure(error)
  }
  refresh()
}
