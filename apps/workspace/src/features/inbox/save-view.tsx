import type { TicketView } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, problemAt } from '../../platform/api.ts'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Dialog } from '../../platform/dialog.tsx'
import { Choice, TextField } from '../../platform/field.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { refreshViews } from './changing-views.ts'
import { filterOf, sortOf, type InboxSearch } from './inbox-search.ts'

type Props = {
  /** The one that is changed; a new one without it. */
  view: TicketView | undefined
  search: InboxSearch
  views: readonly TicketView[] | undefined
  onClose: () => void
}

/** Keeps what is listed now under a name. */
export function SaveView({ view, search, views, onClose }: Props) {
  const [name, setName] = useState(view?.name ?? '')
  const [shared, setShared] = useState(view?.shared ?? false)
  const taken = view?.shared && !shared
  const mayShare = useMay('tickets.manage')
  const navigate = useNavigate()
  const save = useMutation({
    mutationFn: () => {
      const body = { name, shared, filter: filterOf(search, views) ?? {}, sort: sortOf(search, views) }
      return view ? api.tickets.changeView({ params: { id: view.id }, body }) : api.tickets.createView({ body })
    },
    onSuccess: async ({ id }) => {
      await refreshViews()
      onClose()
      await navigate({ to: '/tickets', search: { view: id } })
      say(t('inbox.viewSaved', { name }))
    },
  })
  return (
    <Dialog title={t(view ? 'inbox.renameView' : 'inbox.saveView')} onClose={onClose}>
      <DialogForm error={save.error} waits={save.isPending} onSave={() => save.mutate()} onCancel={onClose}>
        <TextField
          label={t('inbox.viewName')}
          required
          maxLength={60}
          problem={problemAt(save.error, 'name')}
          value={name}
          onChange={setName}
        />
        {mayShare && (
          <Choice checked={shared} onChange={setShared} hint={t(taken ? 'inbox.sharedNoMore' : 'inbox.sharedMeans')}>
            {t('inbox.shared')}
          </Choice>
        )}
      </DialogForm>
    </Dialog>
  )
}
