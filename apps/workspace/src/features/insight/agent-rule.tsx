import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { moment } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { deskRulesQuery } from '../inbox/desk-rules-data.ts'
import { useMay } from '../shell/me.ts'

/** Whom answers about tickets count for, in words, beside what is told apart by agent. */
export function AgentRule() {
  const { data } = useQuery({ ...deskRulesQuery, enabled: useMay('tickets.read') })
  const mayChange = useMay('tickets.manage')
  if (!data) return null
  const { answersCountFor: rule, answersCountForSince: since } = data
  return (
    <p className="in-read">
      {t('insight.agentRule', { rule })} {since && t('insight.agentRuleSince', { at: moment(since) })}{' '}
      {mayChange && (
        <Link to="/settings/$part" params={{ part: 'desk' }}>
          {t('insight.agentRuleChange')}
        </Link>
      )}
    </p>
  )
}
