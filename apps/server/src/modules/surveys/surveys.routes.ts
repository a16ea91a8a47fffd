import { surveys as contract } from '@lahko/contract/surveys'
import { id } from '@lahko/contract/values'
import { findOrigin, findWorkspace, originForPhones, originOf, originOfVisit } from '#accounts'
import type { House } from '#platform/house.ts'
import { route, type Call, type Route } from '#platform/http.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Entry } from '@lahko/contract/entry'
import type { Tx } from '#platform/store.ts'
import { changeSurvey, createSurvey, dropDraft, saveDraft } from './building.ts'
import { findFormKey, getSurvey, getVersion } from './building.queries.ts'
import { libraryItems } from './library.ts'
import { createPublishedSurveys } from './published-surveys.ts'
import { publishDraft, setState } from './publishing.ts'
import { snippetOf } from './snippet.ts'
import { addressOf, viewSurvey, viewSurveys } from './surveys.view.ts'
import { trialToken } from './trial-addresses.ts'

/** What the builder calls: library, surveys, drafts, versions, and everything that is handed out with a survey. */
export function builderRoutes(house: House): Route[] {
  const published = createPublishedSurveys(house)

  /** Runs a verb, tells this process at once, and answers with the survey as it is now. */
  async function change(call: Call<Entry>, id: string, verb: (tx: Tx) => Promise<void>) {
    const origin = await findOrigin(house, call.request)
    const view = await call.write(async (tx) => {
      await verb(tx)
      return viewSurvey(tx, id, origin)
    })
    published.forget(id)
    return view
  }

  return [
    route(contract.library, async () => [...libraryItems()]),
    route(contract.list, async ({ read, query }) => {
      if (!id.optional().safeParse(query.after).success) throw invalidField('/query/after', 'surveys.bad_page')
      return read((db) => viewSurveys(db, query))
    }),
    route(contract.create, async ({ write, body, request }) => {
      const origin = await findOrigin(house, request)
      return write(async (tx) => {
        const language = (await findWorkspace(tx))?.language ?? 'en'
        return viewSurvey(tx, await createSurvey(tx, { ...body, language }), origin)
      })
    }),
    route(contract.get, async ({ read, params, request }) => {
      const origin = await findOrigin(house, request)
      return read((db) => viewSurvey(db, params.id, origin))
    }),
    route(contract.change, (call) => change(call, call.params.id, (tx) => changeSurvey(tx, call.params.id, call.body))),
    route(contract.saveDraft, (call) => change(call, call.params.id, (tx) => saveDraft(tx, call.params.id, call.body))),
    route(contract.dropDraft, (call) => change(call, call.params.id, (tx) => dropDraft(tx, call.params.id))),
    route(contract.publish, (call) =>
      change(call, call.params.id, (tx) => publishDraft(tx, call.params.id, call.body)),
    ),
    route(contract.setState, (call) =>
      change(call, call.params.id, (tx) => setState(tx, call.params.id, call.body.state)),
    ),
    route(contract.qr, async ({ read, params, request, reply }) => {
      const { key } = await read((db) => getSurvey(db, params.id))
      const address = addressOf(await originForPhones(house, request), key)
      const { toString: drawQr } = await import('qrcode')
      const svg = await drawQr(address, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
      return reply.type('image/svg+xml').header('content-disposition', `inline; filename="${key}.svg"`).send(svg)
    }),
    route(contract.snippet, async ({ read, params, query, request }) => {
      const origin = await originOf(house, request)
      return read(async (db) => {
        const survey = await getSurvey(db, params.id)
        const asked = survey.version === null ? undefined : await getVersion(db, survey.id, survey.version)
        return snippetOf({
          content: asked?.content ?? survey.draft!,
          wording: asked?.wording ?? 1,
          company: (await findWorkspace(db))?.name ?? '',
          address: addressOf(origin, survey.key),
          identified: survey.identity === 'identified',
          ...query,
        })
      })
    }),
    route(contract.trial, async ({ read, params, request }) => {
      // Whoever is signed in opens it here, where the session says which workspace is meant.
      const origin = (await findOrigin(house, request)) ?? originOfVisit(request)
      return read(async (db) => {
        const { id, key } = await getSurvey(db, params.id)
        const formKey = await findFormKey(db, id)
        if (!formKey) throw new Problem('not_found', 'platform.not_found')
        return { url: `${addressOf(origin, key)}/try/${trialToken(id, formKey, db.now)}` }
      })
    }),
  ]
}
