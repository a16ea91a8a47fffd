import type { TicketField } from '@lahko/contract'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { Icon } from '../../platform/icon.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { EditField } from './edit-field.tsx'
import { fieldsQuery, givenOf, newField, refreshFields } from './form-data.ts'

/** What is asked of a ticket besides its text, in its order. */
export function TicketFields({ fields, topics }: { fields: readonly TicketField[]; topics: readonly string[] }) {
  const [editing, setEditing] = useState<TicketField | 'new' | null>(null)
  const close = () => setEditing(null)
  return (
    <section>
      <h2>{t('requests.fields')}</h2>
      <p className="quiet">{t('requests.fieldsAre')}</p>
      <ul className="rows">
        {fields.map((field, at) => (
          <li key={field.id} className="rq-field">
            <div>
              <strong>{field.name}</strong>
              <p className="quiet">{describe(field)}</p>
            </div>
            <div className="buttons">
              {at > 0 && (
                <button
                  className="button"
                  data-size="small"
                  data-tone="plain"
                  type="button"
                  onClick={() => void moveUp(fields, at)}
                >
                  {t('requests.moveUp', { name: field.name })}
                </button>
              )}
              <button className="button" data-size="small" type="button" onClick={() => setEditing(field)}>
                {t('requests.changeField', { name: field.name })}
              </button>
              <button
                className="button"
                data-size="small"
                data-tone="plain"
                type="button"
                onClick={() => void remove(field)}
              >
                {t('requests.removeField', { name: field.name })}
              </button>
            </div>
          </li>
        ))}
      </ul>
      <div className="buttons">
        <button className="button" type="button" onClick={() => setEditing('new')}>
          <Icon name="plus" /> {t('requests.addField')}
        </button>
      </div>
      {editing && (
        <Dialog title={editing === 'new' ? t('requests.addField') : editing.name} onClose={close}>
          <EditField
            id={editing === 'new' ? undefined : editing.id}
            saved={editing === 'new' ? newField : givenOf(editing)}
            topics={topics}
            onDone={close}
          />
        </Dialog>
      )}
    </section>
  )
}

function describe({ kind, topics, onForm, requiredOnSolving }: TicketField): string {
  const parts = [
    t(`requests.kind.${kind}`),
    t(`requests.onForm.${onForm}`),
    ...(requiredOnSolving ? [t('requests.requiredOnSolving')] : []),
    ...(topics.length > 0 ? [topics.join(', ')] : []),
  ]
  return parts.join(' · ')
}

async function moveUp(fields: readonly TicketField[], at: number): Promise<void> {
  const order = fields.with(at - 1, fields[at]!).with(at, fields[at - 1]!)
  try {
    const ids = order.map(({ id }) => id)
    queries.setQueryData(fieldsQuery.queryKey, await api.contactForm.orderFields({ body: { ids } }))
  } catch (error) {
    sayFailure(error)
  }
}

async function remove(field: TicketField): Promise<void> {
  const params = { id: field.id }
  const bringBack = async () => {
    await api.contactForm.changeField({ params, body: givenOf(field) }).catch(sayFailure)
    await refreshFields()
  }
  try {
    await api.contactForm.removeField({ params })
    await refreshFields()
    say(t('requests.fieldRemoved', { name: field.name }), () => void bringBack())
  } catch (error) {
    sayFailure(error)
  }
}
