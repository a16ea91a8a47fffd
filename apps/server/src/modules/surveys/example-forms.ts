import type { Survey, SurveyContent } from '@lahko/contract/surveys'
import type { TestHouse } from '#platform/testing/house.ts'
import { visitor, type Visitor } from '../../testing/visitor.ts'

export type Fields = Record<string, string | string[]>

export const formType = { 'content-type': 'application/x-www-form-urlencoded' }

/** As a browser sends a form. */
export function encode(fields: Fields): Buffer {
  const pairs = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))
  return Buffer.from(new URLSearchParams(pairs as [string, string][]).toString())
}

/** The hidden fields of a page. */
export function hiddenIn(page: string): Fields {
  const inputs = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)
  return Object.fromEntries([...inputs].map(([, name, value]) => [name!, value!]))
}

/** What tests of the public pages do: make surveys as their owner, and open and send pages as a customer. */
export function exampleForms(house: TestHouse, owner: Visitor) {
  const customer = visitor(house, { address: '198.51.100.7' })
  let made = 0

  async function survey(
    libraryId = 'ces-10-solved',
    change: (content: SurveyContent) => void = () => undefined,
    more: object = {},
  ): Promise<Survey> {
    const draft = (await owner.ask('POST', '/surveys', { name: `Survey ${++made}`, libraryId })).json() as Survey
    await publish(draft, change)
    return (await owner.ask('PATCH', `/surveys/${draft.id}`, more)).json()
  }

  /** Changes what a survey asks, and asks that. */
  async function publish(survey: Survey, change: (content: SurveyContent) => void): Promise<Survey> {
    const content = structuredClone(survey.draft ?? survey.content!)
    change(content)
    await owner.ask('PUT', `/surveys/${survey.id}/draft`, content)
    return (await owner.ask('POST', `/surveys/${survey.id}/versions`, {})).json()
  }

  const open = (address: string, headers = {}, from = customer) => from.ask('GET', `/${address}`, undefined, headers)
  const post = (address: string, fields: Fields, from = customer) =>
    from.ask('POST', `/${address}`, encode(fields), formType)

  /** Opens a page and sends it with these fields. */
  async function answer(key: string, fields: Fields, query = '', from = customer) {
    const page = await open(`/s/${key}${query}`, {}, from)
    const hidden = hiddenIn(page.body)
    return { hidden, reply: await post(`/s/${key}`, { ...hidden, ...fields }, from) }
  }

  return { customer, survey, publish, open, post, answer }
}
