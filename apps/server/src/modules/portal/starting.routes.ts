import { enterWorkspace, prepareSignUp, signUp } from '#accounts'
import { accounts as contract } from '@lahko/contract'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { createFirstSurvey, findLibraryItem } from '#surveys'
import { uuidv7 } from '#platform/identifiers.ts'
import { invalidField } from '#platform/problem.ts'
import { system } from '#platform/store.ts'

/** Signing up: an account, its workspace and the first survey, all or nothing. */
export function startingRoutes(house: House): Route[] {
  return [
    route(contract.signUp, async (call) => {
      const { libraryId } = call.body.question
      if (!findLibraryItem(libraryId)) throw invalidField('/body/question/libraryId', 'surveys.no_such_library_item')
      const form = await prepareSignUp(house, call.request, call.body)
      const workspaceId = uuidv7(house.clock.now().getTime())
      const { accountId } = await house.store.write({ workspaceId, actor: system }, async (tx) => {
        const made = await signUp(tx, form, house.config.signup)
        await createFirstSurvey(tx, { libraryId, language: call.body.workspace.language })
        return made
      })
      return enterWorkspace(house, call, accountId, workspaceId)
    }),
  ]
}
