import { useAction } from '../../platform/actions.ts'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { ArticleFromTicket } from './article-from-ticket.tsx'
import { BuildConditions } from './build-conditions.tsx'
import { useDeskKeys } from './desk-keys.ts'
import { History } from './history.tsx'
import { NewTicket } from './new-ticket.tsx'
import { PickCustomer } from './pick-customer.tsx'
import { PickLanguage } from './pick-language.tsx'
import { PickLink } from './pick-link.tsx'
import { PickMerge } from './pick-merge.tsx'
import { PickOwner } from './pick-owner.tsx'
import { PickSnooze } from './pick-snooze.tsx'
import { PickSubject } from './pick-subject.tsx'
import { PickTags } from './pick-tags.tsx'
import { PickTopic } from './pick-topic.tsx'
import { PickPriority, PickStatus } from './pick-value.tsx'
import { PickWhose } from './pick-whose.tsx'
import { ReportGap } from './report-gap.tsx'
import { pick, stopPicking, usePicking } from './picking.ts'
import { ViewActions } from './view-actions.tsx'

/** What is chosen for the tickets that are picked, and the keys that begin it. */
export function Pickers({ openId }: { openId: string | undefined }) {
  return (
    <>
      <ViewActions />
      <Picked openId={openId} />
    </>
  )
}

function Picked({ openId }: { openId: string | undefined }) {
  const picking = usePicking()
  const group = t('inbox.inbox')
  const narrow = () => pick('narrow', [])
  useAction({ id: 'in.narrow', group, name: t('inbox.narrowMore'), icon: 'search', keys: 'l', run: narrow })
  const past = () => pick('history', openId === undefined ? [] : [openId])
  useAction(
    openId === undefined
      ? null
      : { id: 'in.history', group, name: t('inbox.history'), icon: 'clock', keys: 'y', run: past },
  )
  const mayWrite = useMay('tickets.write')
  if (picking?.kind === 'history') return <History ids={picking.ids} onClose={stopPicking} />
  if (picking?.kind === 'narrow') return <BuildConditions onClose={stopPicking} />
  if (picking?.kind === 'whose') return <PickWhose onClose={stopPicking} />
  return mayWrite ? <Working openId={openId} /> : null
}

function Working({ openId }: { openId: string | undefined }) {
  useDeskKeys(openId)
  const picking = usePicking()
  if (!picking) return null
  const given = { ids: picking.ids, onClose: stopPicking }
  switch (picking.kind) {
    case 'assign':
      return <PickOwner {...given} />
    case 'snooze':
      return <PickSnooze {...given} />
    case 'tag':
      return <PickTags {...given} />
    case 'priority':
      return <PickPriority {...given} />
    case 'status':
      return <PickStatus {...given} />
    case 'subject':
      return <PickSubject {...given} />
    case 'topic':
      return <PickTopic {...given} />
    case 'language':
      return <PickLanguage {...given} />
    case 'customer':
      return <PickCustomer {...given} />
    case 'link':
      return <PickLink {...given} />
    case 'merge':
      return <PickMerge {...given} />
    case 'article':
      return <ArticleFromTicket {...given} />
    case 'gap':
      return <ReportGap {...given} />
    default:
      return <NewTicket onClose={stopPicking} />
  }
}
