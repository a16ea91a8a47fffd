import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { Trouble, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { startQuery, useTitle } from '../shell/me.ts'
import { Frame, Languages } from './frame.tsx'
import { LinkOver } from './link-over.tsx'
import { whereTo } from './where-to.ts'

const route = getRouteApi('/enter/$token')

/** A link from a mail: one button signs in. Opening the page does not, because mail scanners open every link. */
export function EnterPage() {
  const { token } = route.useParams()
  const { to } = route.useSearch()
  const start = useQuery(startQuery)
  const link = useQuery({
    queryKey: ['sign-in-link', token],
    queryFn: () => api.accounts.signInLink({ params: { token } }),
  })
  const enter = useMutation({
    mutationFn: () => api.accounts.signInByLink({ params: { token } }),
    onSuccess: ({ workspaceUrl }) => location.assign(whereTo(workspaceUrl, to)),
  })
  useTitle(t('start.signIn'))
  if (link.isPending || start.isPending) return <Waiting />
  if (link.isError) return <LinkOver error={link.error} />
  const host = start.data?.hostWorkspace
  return (
    <Frame
      narrow
      title={host ? t('start.signInTo', { name: host.name }) : t('start.signIn')}
      lead={t('start.enterAs', { email: link.data.email })}
      foot={<Languages />}
    >
      <Trouble error={enter.error} />
      <div className="buttons">
        <button
          className="button"
          data-tone="accent"
          type="button"
          disabled={enter.isPending || enter.isSuccess}
          onClick={() => enter.mutate()}
        >
          {t('start.enter')}
        </button>
      </div>
    </Frame>
  )
}
