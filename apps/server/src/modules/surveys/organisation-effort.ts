import { organisations as contract, type OrganisationEffort } from '@lahko/contract/organisations'
import { summarize } from '@lahko/effort'
import { getOrganisation, listCustomersIn } from '#people'
import { route, type Route } from '#platform/http.ts'
import { ruleOn } from './content.ts'
import { countAnswersOf, type CountedAnswers } from './organisation-effort.queries.ts'

/** How easy it was for the customers of an organisation. */
export function organisationEffortRoutes(): Route[] {
  return [
    route(contract.effort, ({ params, read }) =>
      read(async (db) => {
        await getOrganisation(db, params.id)
        return (await countAnswersOf(db, await listCustomersIn(db, params.id))).map(viewEffort)
      }),
    ),
  ]
}

function viewEffort({
  id,
  key,
  name,
  wording,
  scale,
  counts,
  designEffect,
  ...row
}: CountedAnswers): OrganisationEffort {
  const rule = ruleOn(scale, row.rule)
  const histogram = Array.from({ length: scale.max - scale.min + 1 }, () => 0)
  for (const { score, count } of counts) histogram[score - scale.min] = count
  const { easy, hard } = rule
  const { rule: _, level: __, ...summary } = summarize(histogram, { ...scale, easy, hard }, { rule, designEffect })
  return {
    ...{ survey: { id, key, name }, wording, scale },
    rule: { ...rule, easy: [...easy], hard: [...hard] },
    summary: { ...summary, histogram },
    designEffect,
  }
}
